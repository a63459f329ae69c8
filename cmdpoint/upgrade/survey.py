"""What somebody asks before an upgrade, and what is found: file by file."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cmdpoint.bases.given import Bases, given
from cmdpoint.cli.explanation import dialect_called
from cmdpoint.cli.reading import read
from cmdpoint.cli.tree import dockerfiles
from cmdpoint.engines.faults import Fault
from cmdpoint.oracle.case import Case, Image
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.predict import predict
from cmdpoint.upgrade.compare import IMAGE, Build, Difference, differences, flags, front_end


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody asks.

    Attributes:
        paths: Dockerfiles, and folders that hold some.
        before: The name of a dialect, or of an engine.
        after: Likewise.
        build: How they are built.
        bases: The `--base` options.
    """

    paths: Sequence[str]
    before: str
    after: str
    build: Build = field(default_factory=Build)
    bases: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class File:
    """What was found of a Dockerfile.

    Attributes:
        name: Its path.
        text: What it holds.
        differences: What differs.
        refused: Why neither builds it, where that is so.
        bases: The names of the images it builds on that nothing is known of.
    """

    name: str
    text: str
    differences: tuple[Difference, ...]
    refused: Refusal | None
    bases: tuple[str, ...]


@dataclass(slots=True)
class Found:
    """What was found.

    Attributes:
        before: The one dialect.
        after: The other.
        files: The Dockerfiles that could be read.
        faults: What could not be.
        unused: The names of `--base` that nothing is built on.
        build: How they were built.
    """

    before: Dialect
    after: Dialect
    build: Build
    files: list[File] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unused: tuple[str, ...] = ()

    @property
    def changed(self) -> list[File]:
        """The Dockerfiles for which something differs."""
        return [file for file in self.files if file.differences]

    @property
    def assumed(self) -> list[str]:
        """The images that were taken to have no config, in the order of their names."""
        return sorted({name for file in self.files for name in file.bases})

    @property
    def front_ends(self) -> dict[str, list[str]]:
        """The front ends that `# syntax=` lines call in, with the files, where a builder heeds them."""
        found: dict[str, list[str]] = {}
        if "buildkit" not in (self.before.builder, self.after.builder):
            return found
        for file in self.files:
            if (name := front_end(file.text)) is not None:
                found.setdefault(name, []).append(file.name)
        return found

    @property
    def flags(self) -> dict[str, list[str]]:
        """The flags of instructions, with the files, where the builders are two."""
        found: dict[str, list[str]] = {}
        if (self.before.engine, self.before.builder) == (self.after.engine, self.after.builder):
            return found
        for file in self.files:
            for flag in flags(file.text, self.after):
                found.setdefault(flag, []).append(file.name)
        return found


def find(question: Question) -> Found:
    """Answer a question.

    Raises:
        Fault: A dialect or a base is malformed; a file that cannot be read is none.
    """
    configs = given(question.bases)
    found = Found(dialect_called(question.before), dialect_called(question.after), question.build)
    unused = dict.fromkeys(configs)
    for path in dockerfiles(question.paths):
        if isinstance(path, Fault):
            found.faults.append(path)
            continue
        try:
            text = read(path)
        except Fault as fault:
            found.faults.append(fault)
            continue
        bases = Bases(configs)
        apart = tuple(differences(text, question.build, found.before, found.after, bases))
        refused = None if apart else _refused(text, question.build, found.after, bases)
        found.files.append(File(path, text, apart, refused, tuple(bases.assumed)))
        for name in bases.used:
            unused.pop(name, None)
    found.unused = tuple(unused)
    return found


def _refused(text: str, build: Build, dialect: Dialect, bases: Bases) -> Refusal | None:
    case = Case((Image(IMAGE, text, build.target, build.arguments),))
    prediction = predict(case, dialect, bases)
    outcome = prediction.outcome
    return outcome if prediction.config is None and isinstance(outcome, Refusal) else None
