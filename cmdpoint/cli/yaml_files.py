"""YAML that is given as a Dockerfile: a Compose file, a manifest of Kubernetes, or any other.

The first instruction of a Dockerfile is FROM or ARG, so its first line is no key of YAML. A file in which any
line begins with FROM is taken for a Dockerfile all the same: YAML indents the Dockerfile that it contains.
"""

import re
from typing import Final

from cmdpoint.cli.reading import display_name
from cmdpoint.command_lines.faults import NotCovered
from cmdpoint.command_lines.hints import COMPOSE, POD

_FIRST: Final = re.compile(r"""---(?:\s|$)|%YAML\s|-\s|(?:[A-Za-z_][\w.-]*|"[^"]+"|'[^']+'):(?:\s|$)""")
_FROM: Final = re.compile(r"^FROM\s", re.IGNORECASE | re.MULTILINE)
_SERVICES: Final = re.compile(r"^services\s*:", re.MULTILINE)
_API_VERSION: Final = re.compile(r"^apiVersion\s*:", re.MULTILINE)


def yaml_kind(text: str) -> str | None:
    """What a file is if it is YAML, such as `a Compose file`; None if it may be a Dockerfile.

    Args:
        text: The text of the file.
    """
    lines = (line for line in text.removeprefix("\ufeff").splitlines() if line.strip() and line[0] != "#")
    if not _FIRST.match(next(lines, "")) or _FROM.search(text):
        return None
    if _API_VERSION.search(text):
        return "a Kubernetes manifest"
    return "a Compose file" if _SERVICES.search(text) else "YAML"


def yaml_reason(text: str) -> str:
    """Why a file is not covered if it is YAML; empty if it may be a Dockerfile.

    Args:
        text: The text of the file.
    """
    kind = yaml_kind(text)
    return "" if kind is None else f"it is {kind}, not a Dockerfile: name the Dockerfile of the image"


def refuse_yaml(name: str, text: str) -> None:
    """Refuse YAML.

    Args:
        name: The path of the file.
        text: Its text.

    Raises:
        NotCovered: It is YAML.
    """
    kind = yaml_kind(text)
    if kind is None:
        return
    hint = {"a Kubernetes manifest": f", or {POD}", "a Compose file": f", or {COMPOSE}"}.get(kind, "")
    raise NotCovered(
        f"{display_name(name)} is {kind}, not a Dockerfile",
        "its first line is YAML, and no line begins with FROM",
        f"name the Dockerfile of the image{hint}",
    )
