"""The titles of the rules, read without a Markdown parser, so that `explain` needs no dependency."""

import re
from collections.abc import Mapping
from importlib.resources import files


def titles() -> Mapping[str, str]:
    """The title of every rule, by id."""
    chapters = (file for file in files("cmdpoint.spec").iterdir() if re.fullmatch(r"[1-9]-.*\.md", file.name))
    headings = (re.findall(r"(?m)^### ([A-Z]+-\d+)\s+(.+)$", file.read_text("utf-8")) for file in chapters)
    return {rule: title.strip() for found in headings for rule, title in found}
