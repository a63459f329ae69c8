"""From an engine's error message to the refusal it means.

The messages differ between builders and versions; what they are about does not.
"""

import re
from typing import Final

from oracle.model import Kind, Refusal, Stage

_BUILD: Final[tuple[tuple[str, Stage, Kind], ...]] = (
    (r"dockerfile.* cannot be empty", "parse", "empty-dockerfile"),
    (r"file with no instructions", "parse", "no-instructions"),
    (r"unterminated heredoc", "parse", "unterminated-heredoc"),
    (r"only one \S+ parser directive|invalid escape token", "parse", "bad-directive"),
    (r"greater than max allowed size", "parse", "line-too-long"),
    (r"allowed as an onbuild trigger|chaining onbuild", "parse", "forbidden-trigger"),
    (r"trigger should be a single expression", "parse", "bad-trigger"),
    (r"must have two arguments|can't find =|names can not be blank|unknown type", "parse", "bad-syntax"),
    (r"missing command after healthcheck", "parse", "missing-argument"),
    (r"exactly one argument|at least two arguments|takes no arguments", "parse", "argument-count"),
    (r"contains no stages to build", "parse", "no-stages"),
    (r"no build stage in current context", "parse", "no-current-stage"),
    (r"closed the connection without an answer", "parse", "no-answer"),
    (r"unknown instruction: ", "parse", "unknown-instruction"),
    (r"unknown flag: ", "parse", "unknown-flag"),
    (r"arrays must be comprised of strings only", "parse", "not-all-strings"),
    (r"requires the arguments to be in json form", "parse", "shell-not-exec-form"),
    (r"requires at least one argument", "parse", "missing-argument"),
    (r"from requires either one or three arguments", "parse", "argument-count"),
    (r"invalid name for build stage", "parse", "bad-stage-name"),
    (r"stage name already used", "build", "duplicate-stage-name"),
    (r"should not be blank", "build", "blank-base-name"),
    (r"failed to process|unsupported modifier|unexpected end of statement", "build", "bad-syntax"),
    (r"target stage .* could not be found|failed to reach build target", "build", "no-such-target"),
    (r"invalid reference format|failed to parse stage name", "build", "invalid-reference"),
    (
        r"pull access denied|manifest unknown|failed to resolve|no such host|dial tcp|no such image"
        r"|network is unreachable",
        "build",
        "no-such-image",
    ),
)

_START: Final[tuple[tuple[str, Kind], ...]] = (
    (r"executable file not found|no such file or directory|not a directory", "not-found"),
    (r"permission denied|is a directory", "not-executable"),
)

_CLIENT: Final[tuple[tuple[str, Stage, Kind], ...]] = (
    (r"unknown (?:shorthand )?flag|flag needs an argument|bad flag syntax", "client", "bad-option"),
    (r"invalid argument .* for .* flag", "client", "bad-option"),
    (r"requires at least 1 argument", "client", "missing-image"),
    (r"\A\s*usage:", "client", "help-asked"),
    (r"no such image|invalid reference format", "create", "no-such-image"),
)

_LINE = re.compile(r"(?:parse error (?:on )?line|dockerfile:|\bline) ?(\d+)", re.IGNORECASE)


def build_refusal(message: str, image: str) -> Refusal:
    """What a build's error message means.

    Args:
        message: The engine's words.
        image: The image of the case that was being built.
    """
    for pattern, stage, kind in _BUILD:
        if re.search(pattern, message, re.IGNORECASE):
            line = _LINE.search(message)
            return Refusal(stage, kind, message, int(line[1]) if line else None, image)
    return Refusal("build", "unclassified", message, image=image)


def create_refusal(message: str) -> Refusal:
    """What the error message of a create request means."""
    kind: Kind = "no-command" if re.search("no command specified", message, re.IGNORECASE) else "unclassified"
    return Refusal("create", kind, message)


def client_refusal(message: str, *, created: bool) -> Refusal:
    """What it means that `docker run` or `docker create` runs nothing.

    Args:
        message: What it wrote.
        created: Whether it came to a container.
    """
    if created:
        return start_refusal(message)
    for pattern, stage, kind in _CLIENT:
        if re.search(pattern, message, re.IGNORECASE):
            return Refusal(stage, kind, message)
    return create_refusal(message)


def start_refusal(message: str) -> Refusal:
    """What the error message of a start request means."""
    for pattern, kind in _START:
        if re.search(pattern, message, re.IGNORECASE):
            return Refusal("start", kind, message)
    return Refusal("start", "unclassified", message)
