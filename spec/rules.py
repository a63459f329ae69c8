"""All rules of the spec, from all chapters."""

import re
from functools import cache
from importlib.resources import files

from cmdpoint.spec.chapter import SpecError, read_chapter
from cmdpoint.spec.rule import Rule


@cache
def all_rules() -> dict[str, Rule]:
    """Every rule of every chapter by id, in reading order.

    Raises:
        SpecError: A chapter is malformed, or two rules have the same id.
    """
    rules: dict[str, Rule] = {}
    chapters = (file for file in files("cmdpoint.spec").iterdir() if re.fullmatch(r"[1-9]-.*\.md", file.name))
    for chapter in sorted(chapters, key=lambda file: file.name):
        for rule in read_chapter(chapter.name, chapter.read_text("utf-8")):
            if rule.id in rules:
                raise SpecError(
                    f"{chapter.name}:{rule.line}: {rule.id} is already a rule of {rules[rule.id].chapter}"
                )
            rules[rule.id] = rule
    return rules


def chapter_title(name: str) -> str:
    """The title of a chapter, by its file name."""
    return files("cmdpoint.spec").joinpath(name).read_text("utf-8").partition("\n")[0].removeprefix("# ")
