"""Leave out the instructions of a Dockerfile that decide nothing, so that it is predicted quickly.

An answer needs many predictions: of engines, and of configs that base images could have. Only RUN in shell
form, and COPY, LABEL and ENV of plain words are left out, where no builder refuses them and no variable is
replaced.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from cmdpoint.oracle.case import Case, Image, Origin
from cmdpoint.oracle.predict import has_context

_LONGEST: Final = 10_000
"""How long a line may be: builders refuse lines that are too long (LEX-3)."""

_PLAIN: Final = re.compile(
    r"RUN +[A-Za-z0-9/.(]|COPY +[A-Za-z0-9_./]+ +[A-Za-z0-9_./]+ *$|LABEL +[\w.-]+=[\w.-]+ *$"
)
_ENV: Final = re.compile(r"ENV +([A-Za-z_]\w*)=[\w./:-]+ *$")
_VARIABLE: Final = re.compile(r"\$\{?(\w+)")
_PRINTABLE: Final = re.compile(r"[ -~]*")
_DIRECTIVE: Final = re.compile(r"^[ \t]*#[ \t]*escape[ \t]*=", re.MULTILINE | re.IGNORECASE)


def blanked(text: str) -> str:
    """A Dockerfile in which the lines that decide nothing are blank."""
    return "\n".join(line if decides else "" for block, decides in _blocks(text) for line in block)


def essential(case: Case) -> Case:
    """A case that every dialect predicts the same, but for the lines, with shorter Dockerfiles.

    If the build context is given, it is the same case: then each RUN and COPY decides which files are known.
    """
    if has_context(case):
        return case
    return replace(case, images=tuple(map(_shortened, case.images)))


def _shortened(image: Origin) -> Origin:
    if not isinstance(image, Image):
        return image
    lines = [line for block, decides in _blocks(image.dockerfile) if decides for line in block]
    return replace(image, dockerfile="\n".join(lines))


def _blocks(text: str) -> Iterator[tuple[list[str], bool]]:
    """Yield the lines of each instruction, and each line between two, and whether they decide anything."""
    lines = text.split("\n")
    # A here-document has lines that look like instructions; a comment may ignore problems of the next one.
    if "<<" in text or "cmdpoint:" in text or _DIRECTIVE.search(text):
        yield lines, True
        return
    used = {"PATH", *_VARIABLE.findall(text)}
    at, stage_has_instruction, has_stage = 0, False, False
    while at < len(lines):
        line, end = lines[at], _end(lines, at)
        if not line.strip() or line.lstrip().startswith("#"):
            # In front of the first FROM, a blank line ends the directives.
            yield [line], bool(line.strip()) or not has_stage
            at += 1
            continue
        decides = True
        if line.split()[0].upper() == "FROM":
            # Some builders refuse a stage without instructions, so its first one stays.
            has_stage, stage_has_instruction = True, False
        elif stage_has_instruction:
            decides = not _is_plain(lines[at:end], used)
        else:
            stage_has_instruction = has_stage
        yield lines[at:end], decides
        at = end


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
