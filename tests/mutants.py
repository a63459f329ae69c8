"""Wrong rules to plant in a copy of the oracle, so that the suite can be seen to find them."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A wrong rule.

    Attributes:
        rule: The rule it takes the place of.
        file: Where in the oracle.
        right: The text that is replaced; it occurs once.
        wrong: By what.
        test: The property that must find it.
    """

    rule: str
    file: str
    right: str
    wrong: str
    test: str = "test_config"

    @property
    def chapter(self) -> str:
        """The chapter it is a rule of."""
        return self.rule.partition("-")[0]

    def put(self, folder: Path) -> Path:
        """Copy the project, with the wrong rule in it.

        Args:
            folder: Where to; it must not exist.
        """
        copy = shutil.copytree(
            ROOT, folder, symlinks=True, ignore=shutil.ignore_patterns(".*", "__pycache__")
        )
        path = copy / "oracle" / self.file
        text = path.read_text("utf-8")
        assert text.count(self.right) == 1, f"{self.right!r} does not stand in {self.file} once"
        path.write_text(text.replace(self.right, self.wrong), "utf-8")
        return copy


MUTANTS: Final = [
    Mutant(
        "LEX-22",
        "dockerfile/checks.py",
        'return "LEX-22", "unknown-instruction", f"unknown instruction: {read.keyword}"',
        "return None",
        "test_refusal",
    ),
    Mutant("LEX-12", "dockerfile/lines.py", 'if blankless[0] == "#":', 'if more[0] == "#":'),
    Mutant("LEX-16", "dockerfile/lines.py", "body[-2] == self.escape:", "body[-2] is self:"),
    Mutant("LEX-4", "dockerfile/directives.py", "escape = value", "del value"),
    Mutant(
        "FORM-11",
        "dockerfile/json_array.py",
        'if not text.startswith("["):',
        "if not text.startswith('[\"'):",
    ),
    Mutant(
        "FORM-4",
        "dockerfile/json_array.py",
        "raw_decode(readable(text))",
        'raw_decode(readable(text).replace(",]", "]"))',
    ),
    Mutant(
        "FORM-7", "dockerfile/json_array.py", '_SURROGATE.sub("\\ufffd", text)', '_SURROGATE.sub("?", text)'
    ),
    Mutant("SHELL-3", "build/state.py", "return self.shell\n", "return self.shell[:1]\n"),
    Mutant(
        "SHELL-8",
        "build/state.py",
        'words: Words = (*self._prefix(scope), "")',
        "words: Words = self._prefix(scope)",
    ),
    Mutant("STATE-2", "build/state.py", "elif self.cmd:", "elif self.cmd and not self.entrypoint:"),
    Mutant("STATE-3", "build/state.py", "self.cmd_counts_as_set |= counts", "self.cmd_counts_as_set = False"),
    Mutant("STATE-10", "build/state.py", "self.base.cmd, self.base.shell", "(), self.base.shell"),
    Mutant("STATE-16", "build/variables.py", 'return word if absent else value or ""', 'return value or ""'),
    Mutant("ONB-3", "build/triggers.py", "in triggers:\n", "in reversed(triggers):\n"),
    Mutant("ONB-5", "build/docker.py", 'in_file_triggers == "run and remain"', 'in_file_triggers == "run"'),
    Mutant(
        "MERGE-5",
        "container/create.py",
        'Row("nothing", "image",    "MERGE-5", ("MERGE-1",))',
        'Row("image", "image",    "MERGE-5", ("MERGE-1",))',
        "test_planned",
    ),
    Mutant(
        "MERGE-4",
        "container/create.py",
        "if entrypoint == NO_ENTRYPOINT:",
        "if entrypoint == ():",
        "test_planned",
    ),
    Mutant(
        "CLI-5",
        "clients/docker_run.py",
        "read_option(readable(given[-1]), ",
        "read_option(readable(given[0]), ",
        "test_command_line",
    ),
    Mutant(
        "EXEC-9",
        "container/start.py",
        '        if found == "missing":\n            continue\n',
        '        if found == "missing":\n            found = File("program")\n',
        "test_start",
    ),
    Mutant(
        "EXEC-18", "container/init.py", 'forbidden, "not-executable"', 'forbidden, "not-found"', "test_start"
    ),
]
"""At least one for each chapter."""
