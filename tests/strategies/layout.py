"""How a Dockerfile is laid out: directives, comments, blank lines, continued lines, line ends."""

import re

from hypothesis import strategies as st

_BETWEEN = st.sampled_from(["", "", "", "# a comment\n", "  # a comment \\\n", "\n", " \t\n", "\u2003\n"])
"""Text between continued lines that changes nothing."""

_BEHIND = st.sampled_from(["", "", "", " ", "\t "])
"""Blanks after the escape character."""

_TOPS = st.sampled_from(
    ["", "", "# escape=\\\n", "#ESCAPE = \\ \n", "# a comment\n# escape=`\n", "\n# escape=`\n", "# escape\n"]
)
"""Text at the top that changes nothing; the last three are comments."""

_BACKTICK_TOPS = st.sampled_from(["# escape=`\n", "  #escape=`  \n", "# Escape = `\n# a comment\n"])
"""Directives that make the backtick the escape character."""

_CHECKED_TOP = "# check=skip=all\n# escape=`\n"
"""Two directives on which engines differ: if the first is unknown, the second is a comment."""

WRONG_TOPS = ("# escape=`x`\n", "# escape=`\n# escape=\\\n", "# escape=x\n")
"""Directives that are refused."""

_OF_NAMES = re.compile(r"\s*(?:FROM|ARG)\b", re.IGNORECASE)
_OF_ARGUMENTS = re.compile(r"\s*ARG\b", re.IGNORECASE)
_OF_TEXTS = re.compile(r"(?:ONBUILD\s+)?(?:CMD|ENTRYPOINT)\b", re.IGNORECASE)


@st.composite
def laid_out(draw: st.DrawFn, lines: list[str]) -> str:
    """The text of a Dockerfile, with usual and unusual layout.

    Args:
        draw: The function of Hypothesis.
        lines: The lines, each an instruction, a comment or blank.
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
    # For some engines the escape character does not continue a line that ends with two carriage returns. An
    # ARG that is then empty ends the whole service of Podman before 5.5 (LEX-31).
    breakable = [end != "\r\r\n" or not _OF_ARGUMENTS.match(line) for line in lines]
    laid = [draw(_laid_line(line, escape, breakable=may)) for line, may in zip(lines, breakable, strict=True)]
    text = top + "\n".join(laid) + draw(st.sampled_from(["\n", "\n", "", escape, f" {escape}\n", "\n\n"]))
    text = text.replace("\n", end)
    return draw(st.sampled_from(["", "", "", "\ufeff"])) + text


@st.composite
def _laid_line(draw: st.DrawFn, line: str, escape: str, *, breakable: bool) -> str:
    """A line, sometimes indented, broken into two or three, or with blanks at its end."""
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
        behind = ""  # in the syntax of other instructions, this is a mistake
    return before + line + ("" if _OF_NAMES.match(line) else behind)


def _breaks(line: str) -> list[int]:
    """Where a line may be broken; a line that names an image only at a blank, so that the name is whole."""
    if _OF_NAMES.match(line):
        return [match.end() for match in re.finditer(r" ", line)]
    return list(range(1, len(line)))
