"""Comments that set the checks of the linter, such as `# check=skip=all`."""

import re
from collections.abc import Sequence
from typing import Final

from cmdpoint.oracle.dockerfile.go_strings import SPACE

_CHECK: Final = re.compile(
    r"check[\t\n\f\r ]*=[\t\n\f\r ]*(?P<options>.+?)[\t\n\f\r ]*", re.IGNORECASE | re.ASCII
)
_TRUE: Final = {"1", "t", "T", "TRUE", "true", "True"}
_BOOLEANS: Final = {*_TRUE, "0", "f", "F", "FALSE", "false", "False"}
"""What Go's strconv.ParseBool reads."""


def sets_checks(comments: Sequence[str]) -> bool:
    """Whether the comments above an instruction set its checks (LEX-32).

    The first check comment decides; one with an unknown option sets nothing. A comment with no text discards
    those above it, and a blank before the `#` hides the comment.

    Args:
        comments: The physical lines, in order.

    Source: moby/buildkit, `frontend/dockerfile/parser/parser.go:Parse`,
    `linter/linter.go:WithMergedConfigFromComments`, `ParseLintOptions`.
    """
    counted: list[str] = []
    for comment in comments:
        text = comment[1:].strip(SPACE)
        counted = [*counted, text] if text else []
    checks = (match["options"] for text in counted if (match := _CHECK.fullmatch(text)))
    first = next(checks, None)
    return first is not None and are_options(first)


def are_options(value: str) -> bool:
    """Whether the linter accepts the value of a check directive; what follows a blank does not count.

    Source: moby/buildkit, `frontend/dockerfile/linter/linter.go:ParseLintOptions`.
    """
    text = value.partition(" ")[0].strip(SPACE)
    return not text or all(map(_is_option, text.split(";", 2)))


def fails_on_findings(value: str) -> bool:
    """Whether the value of a check directive makes what the linter finds an error.

    Args:
        value: The value, such as `error=true;skip=JSONArgsRecommended`.
    """
    pairs = [option.partition("=") for option in value.partition(" ")[0].split(";", 2)]
    options = {name.strip(SPACE): option.strip(SPACE) for name, _, option in pairs}
    return options.get("error") in _TRUE and options.get("skip") != "all"


def _is_option(text: str) -> bool:
    name, equals, value = text.partition("=")
    name = name.strip(SPACE)
    if not equals:
        return False
    return name in ("skip", "experimental") or (name == "error" and value.strip(SPACE) in _BOOLEANS)
