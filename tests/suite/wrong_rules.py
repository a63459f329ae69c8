"""Wrong rules to put into a copy of the project, for runs that must find them, shrink them and report them.

`tests/mutants` has many more, made by program: it measures what finds them without running them.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class WrongRule:
    """A wrong rule.

    Attributes:
        rule: The rule that it replaces.
        file: The file in `oracle/`.
        right: The text that is replaced; it occurs once.
        wrong: The text that replaces it.
        test: The property that must find it.
    """

    rule: str
    file: str
    right: str
    wrong: str
    test: str = "test_config"

    def put(self, folder: Path) -> Path:
        """Copy the project with the wrong rule.

        Args:
            folder: Where to; it must not exist.
        """
        ignored = shutil.ignore_patterns(".*", "__pycache__")
        copy = shutil.copytree(ROOT, folder, symlinks=True, ignore=ignored)
        path = copy / "oracle" / self.file
        text = path.read_text("utf-8")
        assert text.count(self.right) == 1, f"{self.right!r} does not occur once in {self.file}"
        path.write_text(text.replace(self.right, self.wrong), "utf-8")
        return copy


WRONG_RULES: Final = (
    WrongRule(
        "LEX-22",
        "dockerfile/checks.py",
        'return "LEX-22", "unknown-instruction", f"unknown instruction: {read.keyword}"',
        "return None",
        "test_refusal",
    ),
    WrongRule(
        "FORM-11", "dockerfile/json_array.py", 'not text.startswith("["):', "not text.startswith('[\"'):"
    ),
    WrongRule("SHELL-3", "build/state.py", "return self.shell\n", "return self.shell[:1]\n"),
    WrongRule("STATE-2", "build/state.py", "elif self.cmd:", "elif self.cmd and not self.entrypoint:"),
    WrongRule("ONB-3", "build/triggers.py", "in triggers:\n", "in reversed(triggers):\n"),
    WrongRule(
        "MERGE-2",
        "container/create.py",
        'Row("image",   "request",  "MERGE-1", ("MERGE-2",))',
        'Row("image",   "image",    "MERGE-1", ("MERGE-2",))',
        "test_planned",
    ),
    WrongRule(
        "CLI-5",
        "clients/docker_run.py",
        "read_option(readable(given[-1]), ",
        "read_option(readable(given[0]), ",
        "test_command_line",
    ),
    WrongRule(
        "EXEC-9",
        "container/start.py",
        '        if found == "missing":\n            continue\n',
        '        if found == "missing":\n            found = File("program")\n',
        "test_start",
    ),
)
"""One for each chapter."""
