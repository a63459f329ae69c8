"""The report of `cmdpoint upgrade`: the Dockerfiles that the user names, compared file by file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from cmdpoint.bases.given import Bases, NamedConfigs
from cmdpoint.bases.result import is_unbuilt
from cmdpoint.bases.sources import Found, looked_up
from cmdpoint.bases.symbols import symbolic
from cmdpoint.bases.unknown import UnknownBase, united
from cmdpoint.cli import image_format
from cmdpoint.cli.explain import find_dialect
from cmdpoint.cli.large import read_dockerfile
from cmdpoint.cli.progress import counted
from cmdpoint.cli.tree import Skipped, dockerfiles
from cmdpoint.cli.yaml_files import yaml_reason
from cmdpoint.engines.faults import Fault
from cmdpoint.findings.comments import comments_behind
from cmdpoint.findings.finding import Finding, Source
from cmdpoint.oracle.case import Case, Image
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.predict import predict
from cmdpoint.upgrade.compare import IMAGE, Build, Difference, Undecided, differences, front_end, targets

MANY: Final = 50
"""With more files than this, the progress is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeRequest:
    """The arguments of `cmdpoint upgrade`.

    Attributes:
        paths: Dockerfiles, and folders that contain some.
        before: The name of the first dialect, or of an engine.
        after: The name of the second.
        build: How the Dockerfiles are built.
        configs: The configs of base images.
    """

    paths: Sequence[str]
    before: str
    after: str
    build: Build = field(default_factory=Build)
    configs: NamedConfigs = field(default_factory=lambda: NamedConfigs({}))


@dataclass(frozen=True, slots=True)
class FileReport:
    """A Dockerfile, and its differences between the two dialects.

    Attributes:
        name: Its path.
        text: Its text.
        differences: The differences.
        refused: The refusal, if neither dialect builds it.
        needs: The base images that decide whether it differs, where they are not given.
        reread: The instructions about files and ports that only the second dialect reads as something else.
        lost: What the default format of `podman build` would lose; see `cmdpoint.cli.image_format`.
    """

    name: str
    text: str
    differences: tuple[Difference, ...]
    refused: Refusal | None
    needs: tuple[UnknownBase, ...]
    reread: tuple[Finding, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(slots=True)
class UpgradeReport:
    """The report on all files.

    Attributes:
        before: The first dialect.
        after: The second dialect.
        files: The Dockerfiles that could be read.
        faults: The faults of the files that could not be read.
        skipped: The files with the name of a Dockerfile that are none.
        not_covered: The Dockerfiles that cmdpoint cannot compare, by path, each with the reason.
        unused: The names of `--base` that no file builds on.
        build: How they were built.
        bases: The base images whose configs a source found.
    """

    before: Dialect
    after: Dialect
    build: Build
    files: list[FileReport] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    not_covered: dict[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    bases: Mapping[str, Found] = field(default_factory=dict)

    @property
    def changed(self) -> list[FileReport]:
        """The Dockerfiles with a difference."""
        return [file for file in self.files if file.differences]

    @property
    def is_without_target(self) -> bool:
        """Whether no Dockerfile that can be read has the stage to build."""
        kinds = {file.refused and (file.refused.phase == "parse" or file.refused.kind) for file in self.files}
        return "no-such-target" in kinds and kinds <= {"no-such-target", True}

    @property
    def reread(self) -> list[FileReport]:
        """The Dockerfiles with an instruction that is read as something else, besides those that change."""
        return [file for file in self.files if file.reread]

    @property
    def unknown(self) -> list[FileReport]:
        """The Dockerfiles for which base images that are not given decide whether anything differs."""
        return [file for file in self.files if file.needs]

    @property
    def with_losses(self) -> list[FileReport]:
        """The Dockerfiles of whose images the default format of `podman build` would lose something."""
        return [file for file in self.files if file.lost]

    @property
    def front_ends(self) -> dict[str, list[str]]:
        """The front ends of `# syntax=` lines, each with its files, if one of the builders uses them."""
        found: dict[str, list[str]] = {}
        if "buildkit" not in (self.before.builder, self.after.builder):
            return found
        for file in self.files:
            if (name := front_end(file.text)) is not None:
                found.setdefault(name, []).append(file.name)
        return found


def compare_paths(wanted: UpgradeRequest) -> UpgradeReport:
    """Compare all files.

    Raises:
        Fault: A dialect or a base is malformed. A file that cannot be read is a fault of the report instead.
    """
    configs = wanted.configs
    report = UpgradeReport(find_dialect(wanted.before), find_dialect(wanted.after), wanted.build)
    used: set[str] = set()
    found_files = list(dockerfiles(wanted.paths))
    for path in _counted(found_files, report):
        if isinstance(path, Fault):
            report.faults.append(path)
            continue
        if isinstance(path, Skipped):
            report.skipped.append(path)
            continue
        try:
            text = read_dockerfile(path)
        except Fault as fault:
            report.faults.append(fault)
            continue
        if why := _not_covered(text, report.after):
            report.not_covered[path] = why
            continue
        bases = Bases(configs, symbolic)
        every = list(differences(text, wanted.build, report.before, report.after, configs))
        found = tuple(each for each in every if isinstance(each, Difference))
        needs = united(*(each.needs for each in every if isinstance(each, Undecided)))
        refused = _refused(text, wanted.build, report.after, bases)
        lines = {cause.line for each in found for cause in each.causes}
        reread = tuple(each for each in _reread(text, report.before, report.after) if each.line not in lines)
        lost = _lost(text, wanted.build, (report.before, report.after), bases)
        report.files.append(FileReport(path, text, found, None if every else refused, needs, reread, lost))
        used.update(configs if refused is not None and is_unbuilt(refused) else bases.used)
    report.bases = looked_up(configs)
    report.unused = tuple(name for name in configs if name not in used)
    return report


def _not_covered(text: str, dialect: Dialect) -> str:
    """Why a file cannot be compared; empty if it can."""
    windows = Source.read(text, dialect).windows_base
    return yaml_reason(text) if windows is None else f"it builds on {windows}, a Windows image"


def _counted(
    paths: Sequence[str | Fault | Skipped], report: UpgradeReport
) -> Iterable[str | Fault | Skipped]:
    """The paths; if they are many, with the progress and what the report has so far."""
    if len(paths) <= MANY:
        return paths
    return counted(paths, f"comparing {len(paths):,} files", lambda: f"{len(report.changed)} change so far")


def _reread(text: str, before: Dialect, after: Dialect) -> tuple[Finding, ...]:
    """The findings about instructions besides CMD and ENTRYPOINT that only the second dialect has."""
    one, other = (comments_behind(Source.read(text, each), each) for each in (before, after))
    known = {(each.line, each.rule) for each in one}
    return tuple(each for each in other if (each.line, each.rule) not in known)


def _lost(text: str, build: Build, dialects: tuple[Dialect, ...], bases: Bases) -> tuple[str, ...]:
    cases = (
        Case((Image(IMAGE, text, target, build.arguments),)) for target in targets(text, build, dialects)
    )
    return image_format.lost_in(cases, dialects, bases)


def _refused(text: str, build: Build, dialect: Dialect, bases: Bases) -> Refusal | None:
    case = Case((Image(IMAGE, text, build.target, build.arguments),))
    prediction = predict(case, dialect, bases)
    outcome = prediction.outcome
    return outcome if prediction.config is None and isinstance(outcome, Refusal) else None
