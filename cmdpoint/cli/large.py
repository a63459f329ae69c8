"""Make a large Dockerfile small: blank the instructions that decide nothing, so that it is predicted quickly.

An explanation needs about a hundred predictions: of engines, and of configs that base images could have. Only
RUN in shell form, and COPY, LABEL and ENV of plain words are blanked, where no builder refuses them and no
variable is replaced. Lines keep their numbers.
"""

import re
from typing import Final

from cmdpoint.cli.reading import read

LARGE: Final = 50_000
"""The number of characters from which on a Dockerfile is large."""

_LONGEST: Final = 10_000
"""How long a line may be: builders refuse lines that are too long (LEX-3)."""

_PLAIN: Final = re.compile(
    r"RUN +[A-Za-z0-9/.(]|COPY +[A-Za-z0-9_./]+ +[A-Za-z0-9_./]+ *$|LABEL +[\w.-]+=[\w.-]+ *$"
)
_ENV: Final = re.compile(r"ENV +([A-Za-z_]\w*)=[\w./:-]+ *$")
_VARIABLE: Final = re.compile(r"\$\{?(\w+)")
_PRINTABLE: Final = re.compile(r"[ -~]*")
_DIRECTIVE: Final = re.compile(r"^[ \t]*#[ \t]*escape[ \t]*=", re.MULTILINE | re.IGNORECASE)


def read_dockerfile(name: str) -> str:
    """Read a Dockerfile for a prediction; see `cmdpoint.cli.reading.read`."""
    return lightened(read(name))


def lightened(text: str, large: int = LARGE) -> str:
    """A Dockerfile without instructions that decide nothing, in as many lines.

    Args:
        text: The Dockerfile; a smaller one than `large` is returned unchanged.
        large: A number of characters.
    """
    # A here-document has lines that look like instructions; a comment may ignore problems of the next one.
    if len(text) < large or "<<" in text or "cmdpoint:" in text or _DIRECTIVE.search(text):
        return text
    lines = text.split("\n")
    used = {"PATH", *_VARIABLE.findall(text)}
    at, stage_has_instruction, has_stage = 0, False, False
    while at < len(lines):
        line, end = lines[at], _end(lines, at)
        if not line.strip() or line.lstrip().startswith("#"):
            at += 1
            continue
        if line.split()[0].upper() == "FROM":
            # Some builders refuse a stage without instructions, so its first one stays.
            has_stage, stage_has_instruction = True, False
        elif stage_has_instruction and _is_plain(lines[at:end], used):
            lines[at:end] = [""] * (end - at)
        else:
            stage_has_instruction = has_stage
        at = end
    return "\n".join(lines)


def _end(lines: list[str], at: int) -> int:
    """The number of the line behind an instruction, of which comments and blank lines may be a part."""
    continued = lines[at].rstrip().endswith("\\")
    at += 1
    while continued and at < len(lines):
        is_dropped = not lines[at].strip() or lines[at].lstrip().startswith("#")
        continued = is_dropped or lines[at].rstrip().endswith("\\")
        at += 1
    return at


def _is_plain(block: list[str], used: set[str]) -> bool:
    """Whether an instruction decides nothing: it is plain, and ends with its last line.

    Args:
        block: Its lines.
        used: The variables that matter.
    """
    env = _ENV.match(block[0])
    if not (env[1] not in used and len(block) == 1 if env else _PLAIN.match(block[0])):
        return False
    return all(
        len(line) < _LONGEST
        and _PRINTABLE.fullmatch(line)
        and line.strip()
        and not line.lstrip().startswith("#")
        for line in block
    ) and not block[-1].rstrip().endswith("\\")
