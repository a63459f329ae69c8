"""Read the names of engines and dialects as people write them: `docker`, `28.5`, `docker-28.5.2/classic`."""

import re
from dataclasses import dataclass
from typing import Final, get_args

from cmdpoint.oracle.dialect.values import RuntimeName

_NAME: Final = re.compile(
    r"(?P<engine>(?!v\d)[a-z]+)?(?:\s+engine)?(?:[-:@\s]*v?(?P<version>\d+(?:\.\d+)*))?(?:\+(?P<store>[a-z]+))?"
    r"(?P<rest>(?:/[a-z]+(?:-\d+(?:\.\d+)*)?)*)"
)


@dataclass(frozen=True, slots=True)
class Name:
    """What a name says; whether such an engine exists is checked elsewhere.

    Attributes:
        engine: Such as `docker`, which is also meant where only a version is written.
        version: As written, possibly only its first numbers; empty if the name has none.
        store: The image store; empty if the name has none.
        builder: The builder; empty if the name has none.
        runtime: The runtime, with or without its version; empty if the name has none.
    """

    engine: str
    version: str = ""
    store: str = ""
    builder: str = ""
    runtime: str = ""


def read_name(text: str) -> Name | None:
    """Read a name.

    Letter case does not matter. `docker-28.5.2`, `docker:28.5.2`, `Docker 28.5.2`, `28.5.2` and `v28.5.2` are
    the same. A store stands behind `+`, a builder and a runtime behind `/`.

    Args:
        text: The name.

    Returns:
        What it says, or None if it is not of this form.
    """
    match = _NAME.fullmatch(text.strip().lower())
    if match is None or not (match["engine"] or match["version"]):
        return None
    words: dict[str, str] = {}
    for word in match["rest"].split("/")[1:]:
        key = "runtime" if word.partition("-")[0] in get_args(RuntimeName) else "builder"
        if key in words:
            return None
        words[key] = word
    return Name(match["engine"] or "docker", match["version"] or "", match["store"] or "", **words)
