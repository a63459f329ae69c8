"""The titles of the rules, read from the chapters as they are shipped; without a Markdown parser."""

import re
from collections.abc import Mapping
from importlib.resources import files


def titles() -> Mapping[str, str]:
    """The titles of all rules, by id."""
    chapters = (file for file in files("cmdpoint.spec").iterdir() if re.fullmatch(r"\d.*\.md", file.name))
    headings = (re.findall(r"(?m)^### ([A-Z]+-\d+)\s+(.+)$", file.read_text("utf-8")) for file in chapters)
    return {rule: title.strip() for found in headings for rule, title in found}
