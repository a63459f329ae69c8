"""How a Dockerfile is laid out: directives, comments, blank lines, continued lines, line ends."""

import re

from hypothesis import strategies as st

_BETWEEN = st.sampled_from(["", "", "", "# a comment\n", "  # a comment \\\n", "\n", " \t\n", "\u2003\n"])
"""What may stand between continued lines without a say in anything."""

_BEHIND = st.sampled_from(["", "", "", " ", "\t "])
"""Blanks behind the escape character."""

_TOPS = st.sampled_from(
    ["", "", "# escape=\\\n", "#ESCAPE = \\ \n", "# a comment\n# escape=`\n", "\n# escape=`\n", "# escape\n"]
)
"""What may stand at the top and changes nothing; the last three are comments."""

_BACKTICK_TOPS = st.sampled_from(["# escape=`\n", "  #escape=`  \n", "# Escape = `\n# a comment\n"])
"""What makes the backtick continue lines."""

_CHECKED_TOP = "# check=skip=all\n# escape=`\n"
"""Engines part over it: to those that do not know the first, the second is a comment."""

WRONG_TOPS = ("# escape=`x`\n", "# escape=`\n# escape=\\\n", "# escape=x\n")
"""Directives that are refused."""

_OF_NAMES = re.compile(r"\s*(?:FROM|ARG)\b", re.IGNORECASE)
_OF_ARGUMENTS = re.compile(r"\s*ARG\b", re.IGNORECASE)
_OF_TEXTS = re.compile(r"(?:ONBUILD\s+)?(?:CMD|ENTRYPOINT)\b", re.IGNORECASE)


@st.composite
def laid_out(draw: st.DrawFn, lines: list[str]) -> str:
    """A text of lines, as people write it and as fuzzers do.

    Args:
        draw: Hypothesis's.
        lines: One instruction, comment or blank line each.
    """
    if draw(st.sampled_from([True, True, False])):
        return "\n".join(lines) + draw(st.sampled_from(["\n", ""]))
    backtick = draw(st.sampled_from([False, False, False, True]))
    top = draw(_BACKTICK_TOPS if backtick else _TOPS)
    escape = "`" if backtick else "\\"
    if draw(st.sampled_from([False] * 9 + [True])):
        top = _CHECKED_TOP
        escape = "\\"
    end = draw(st.sampled_from(["\n"] * 9 + ["\r\n", "\r\n", "\r\r\n"]))
    # To some engines the escape character does not continue a line that ends in two carriage returns. An ARG
    # of which nothing is left then ends the whole service of Podman before 5.5 (LEX-31).
    breakable = [end != "\r\r\n" or not _OF_ARGUMENTS.match(line) for line in lines]
    laid = [draw(_laid_line(line, escape, breakable=may)) for line, may in zip(lines, breakable, strict=True)]
    text = top + "\n".join(laid) + draw(st.sampled_from(["\n", "\n", "", escape, f" {escape}\n", "\n\n"]))
    text = text.replace("\n", end)
    return draw(st.sampled_from(["", "", "", "\ufeff"])) + text


@st.composite
def _laid_line(draw: st.DrawFn, line: str, escape: str, *, breakable: bool) -> str:
    """A line, perhaps indented, broken in two or three, or with blanks at its end."""
    if not line.strip() or line.lstrip().startswith("#"):
        return line
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        breaks = _breaks(line)
        if breaks and breakable:
            at = draw(st.sampled_from(breaks))
            line = f"{line[:at]}{escape}{draw(_BEHIND)}\n{draw(_BETWEEN)}{line[at:]}"
    before = draw(st.sampled_from(["", "", "", "  ", "\t", "\xa0", f"{escape}\n"]))
    behind = draw(st.sampled_from(["", "", "", "", " ", "\t", "\u2003", f" {escape}{escape}"]))
    if behind.endswith(escape) and not _OF_TEXTS.match(line):
        behind = ""  # other instructions have a syntax of their own, in which this is a mistake
    return before + line + ("" if _OF_NAMES.match(line) else behind)


def _breaks(line: str) -> list[int]:
    """Where a line may be broken; if it names an image only at a blank, to keep the name in one piece."""
    if _OF_NAMES.match(line):
        return [match.end() for match in re.finditer(r" ", line)]
    return list(range(1, len(line)))
