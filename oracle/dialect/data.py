"""Load `dialects.toml`: the engines, and the rows with the values of behaviours since a version."""

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from cmdpoint.oracle.dialect.validation import check_data

FILE: Final = "oracle/dialect/dialects.toml"
"""The data file, as error messages name it."""


OWN_STORE: Final = "graphdriver"
"""The name of an engine's own image store, such as Docker's with its graph drivers."""


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


@lru_cache(maxsize=1024)
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
    verified: list[str] = dialect_data()["engine"][engine]["verified"]
    if not partial:
        return verified[-1]
    number = version_number(partial)
    rows = (row["since"] for row in dialect_data()["row"] if row["engine"] == engine)
    same = (each for each in (*verified, *rows) if version_number(each)[: len(number)] == number)
    return max(same, key=version_number, default=partial)


def store_of(engine: str, version: str, named: str) -> str:
    """The `store` of the dialect that a name means.

    Args:
        engine: A described engine.
        version: Its version.
        named: The store in the name; empty for that of a fresh install.

    Returns:
        Such as `containerd`; empty for the engine's own store, which names call `graphdriver`.
    """
    return (named or _default_store(engine, version)).replace(OWN_STORE, "")


def store_suffix(engine: str, version: str, store: str) -> str:
    """What the name of an engine has behind its version: `+containerd`, or nothing where it can be left out.

    containerd's store is always named. The engine's own store is named where it is not the default.
    """
    if store:
        return f"+{store}"
    return "" if _default_store(engine, version) == OWN_STORE else f"+{OWN_STORE}"


def _default_store(engine: str, version: str) -> str:
    stores: dict[str, str] = dialect_data()["engine"][engine]["default_store"]
    number = version_number(version)
    return next((stores[since] for since in reversed(stores) if version_number(since) <= number), OWN_STORE)


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
