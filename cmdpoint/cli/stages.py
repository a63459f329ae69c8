"""The stages that `--target` may name, and the message if it names none of them."""

from collections.abc import Iterable
from difflib import get_close_matches

from cmdpoint.oracle.build.stage import Dockerfile, parse
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.trace import Scope


def stage_names(texts: Iterable[str], dialects: Iterable[Dialect]) -> list[str]:
    """The names of the stages of Dockerfiles; none of one that cannot be read.

    Args:
        texts: The Dockerfiles.
        dialects: The dialects that read each.
    """
    dialects = list(dialects)
    read = [parse(text, dialect, Scope.after()) for text in texts for dialect in dialects]
    files = [file for file in read if isinstance(file, Dockerfile)]
    return list(dict.fromkeys(stage.name for file in files for stage in file.stages if stage.name))


def nearest_stages(target: str, names: list[str]) -> str:
    """A clause with the nearest names of stages, for a target that is none of them.

    Args:
        target: The target.
        names: The names of the stages.
    """
    if not names:
        return "no stage has a name"
    near = get_close_matches(target.lower(), names, 3)
    if near:
        return f"the nearest {'name is' if len(near) == 1 else 'names are'} {', '.join(near)}"
    return f"the names are {', '.join(names[:10])}{', ...' if len(names) > 10 else ''}"
