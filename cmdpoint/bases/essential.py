"""Leave out the instructions of a Dockerfile that decide nothing, so that it is predicted quickly.

An answer needs many predictions: of engines, and of configs that base images could have. Only RUN in shell
form, and COPY, LABEL and ENV of plain words are left out, where no builder refuses them, and no variable is
replaced that decides anything.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from cmdpoint.oracle.case import Case, Image, Origin
from cmdpoint.oracle.images.probe import NAME
from cmdpoint.oracle.predict import has_context

_LONGEST: Final = 10_000
"""How long a line may be: builders refuse lines that are too long (LEX-3)."""

_PLAIN: Final = re.compile(
    r"RUN +[A-Za-z0-9/.(]|COPY +[A-Za-z0-9_./]+ +[A-Za-z0-9_./]+ *$"
    r"|LABEL +[\w.-]+=(?:[\w.-]+|\"[\w ./:,;@+-]*\") *$"
)
_REFERENCE: Final = r"\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\})"
_ENV: Final = re.compile(
    rf'ENV +([A-Za-z_]\w*)=((?:[\w./:-]|{_REFERENCE})+|"(?:[\w ./:,;@+=-]|{_REFERENCE})*") *$'
)
_VARIABLE: Final = re.compile(r"\$\{?(\w+)")
_PRINTABLE: Final = re.compile(r"[ -~]*")
_ON_PROBE: Final = re.compile(rf"^[ \t]*FROM\b.*\b{NAME}\b", re.MULTILINE | re.IGNORECASE)
"""A stage on the only base whose files are known: a COPY to the path of one may be refused (STATE-38)."""
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
    texts = [image.dockerfile if isinstance(image, Image) else "" for image in case.images]
    return replace(
        case,
        images=tuple(
            _shortened(image, "\n".join((*texts[:at], *texts[at + 1 :])))
            for at, image in enumerate(case.images)
        ),
    )


def _shortened(image: Origin, others: str) -> Origin:
    if not isinstance(image, Image):
        return image
    lines = [line for block, decides in _blocks(image.dockerfile, others) if decides for line in block]
    return replace(image, dockerfile="\n".join(lines))


def _blocks(text: str, others: str = "") -> Iterator[tuple[list[str], bool]]:
    """Yield the lines of each instruction, and each line between two, and whether they decide anything.

    Args:
        text: A Dockerfile.
        others: The text of other Dockerfiles, which may replace its variables.
    """
    lines = text.split("\n")
    # A here-document has lines that look like instructions; a comment may ignore problems of the next one.
    if "<<" in text or "cmdpoint:" in text or _DIRECTIVE.search(text):
        yield lines, True
        return
    copies_stay = _ON_PROBE.search(text) or _ON_PROBE.search(others)
    blocks = [
        (block, may_go and not (copies_stay and block[0].startswith("COPY")))
        for block, may_go in _candidates(lines)
    ]
    used = _used(blocks, others)
    for block, may_go in blocks:
        env = _ENV.match(block[0]) if may_go else None
        yield block, not may_go or (env is not None and env[1] in used)


def _candidates(lines: list[str]) -> Iterator[tuple[list[str], bool]]:
    """Yield the lines of each instruction, and whether it decides nothing unless its variable is used."""
    at, stage_has_instruction, has_stage = 0, False, False
    while at < len(lines):
        line, end = lines[at], _end(lines, at)
        if not line.strip() or line.lstrip().startswith("#"):
            # In front of the first FROM, a blank line ends the directives.
            yield [line], not line.strip() and has_stage
            at += 1
            continue
        may_go = False
        if line.split()[0].upper() == "FROM":
            # Some builders refuse a stage without instructions, so its first one stays.
            has_stage, stage_has_instruction = True, False
        elif stage_has_instruction:
            may_go = _is_plain(lines[at:end])
        else:
            stage_has_instruction = has_stage
        yield lines[at:end], may_go
        at = end


def _used(blocks: list[tuple[list[str], bool]], others: str) -> set[str]:
    """The variables that matter: those of instructions that stay, and those in the values of these."""
    pending = {"PATH", *_VARIABLE.findall(others)}
    values: dict[str, set[str]] = {}
    for block, may_go in blocks:
        env = _ENV.match(block[0]) if may_go else None
        if env is not None:
            values.setdefault(env[1], set()).update(_VARIABLE.findall(env[2]))
        elif not may_go:
            pending.update(_VARIABLE.findall("\n".join(block)))
    used: set[str] = set()
    while pending:
        used |= pending
        pending = {each for name in pending for each in values.get(name, ())} - used
    return used


def _end(lines: list[str], at: int) -> int:
    """The number of the line behind an instruction, of which comments and blank lines may be a part."""
    continued = lines[at].rstrip().endswith("\\")
    at += 1
    while continued and at < len(lines):
        is_dropped = not lines[at].strip() or lines[at].lstrip().startswith("#")
        continued = is_dropped or lines[at].rstrip().endswith("\\")
        at += 1
    return at


def _is_plain(block: list[str]) -> bool:
    """Whether an instruction is plain, and ends with the last of its lines; of ENV, there is one line."""
    is_env = _ENV.match(block[0]) is not None and len(block) == 1
    if not is_env and not _PLAIN.match(block[0]):
        return False
    return all(
        len(line) < _LONGEST
        and _PRINTABLE.fullmatch(line)
        and line.strip()
        and not line.lstrip().startswith("#")
        for line in block
    ) and not block[-1].rstrip().endswith("\\")
