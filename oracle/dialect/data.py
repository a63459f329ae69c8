"""Load `dialects.toml`: the engines, and the rows with the values of behaviours since a version."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final

from cmdpoint.oracle.dialect.validation import check_data

FILE: Final = "oracle/dialect/dialects.toml"
"""The data file, as error messages name it."""


@cache
def dialect_data() -> dict[str, Any]:
    """The tables of the data file: `engine`, `row` and `runtime`.

    Raises:
        DialectDataError: A row is wrong.
    """
    text = files("cmdpoint.oracle.dialect").joinpath("dialects.toml").read_text("utf-8")
    return load(text, FILE)


def load(text: str, file: str) -> dict[str, Any]:
    """Load the text of a data file.

    Every process checks the file, which takes about a millisecond: a misspelled value would change answers
    silently.

    Args:
        text: The text, in TOML.
        file: What errors call the file.

    Raises:
        DialectDataError: A row is wrong; the error names each row and line.
        tomllib.TOMLDecodeError: The text is not TOML.
    """
    data = tomllib.loads(text)
    check_data(data, text, file)
    return data


def version_number(version: str) -> tuple[int, ...]:
    """The leading numbers of a version: (20, 10, 24) for `20.10.24+dfsg1`."""
    match = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(map(int, match[0].split("."))) if match else ()


def newest_version(engine: str, partial: str) -> str:
    """The newest described version that a version such as `28` or `28.5` stands for.

    Args:
        engine: A described engine.
        partial: The leading numbers of a version; empty for the newest verified version of all.

    Returns:
        The version; `partial` itself if no described version begins with it.
    """
    newest: str = dialect_data()["engine"][engine]["newest_verified"]
    if not partial:
        return newest
    number = version_number(partial)
    rows = (row["since"] for row in dialect_data()["row"] if row["engine"] == engine)
    same = (each for each in (newest, *rows) if version_number(each)[: len(number)] == number)
    return max(same, key=version_number, default=partial)


def newest_runtime(kind: str, usual: str) -> str:
    """The runtime, with its version, that a name without a version stands for.

    Args:
        kind: Such as `crun`.
        usual: The engine's usual runtime, which is chosen if it is of that kind.

    Returns:
        The newest version that a row names; `kind` itself if none does.
    """
    if usual.startswith(f"{kind}-"):
        return usual
    data = dialect_data()
    rows = [row["since"] for row in data["runtime"] if row["name"] == kind]
    usuals = (str(row.get("runtime", "")).partition("-") for row in data["row"])
    versions = [*rows, *(version for name, _, version in usuals if name == kind)]
    return f"{kind}-{max(versions, key=version_number)}" if versions else kind
