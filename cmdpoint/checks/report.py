"""The report of `cmdpoint check`: every Dockerfile that the user names, one after the other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cmdpoint.bases.given import NamedConfigs
from cmdpoint.bases.sources import Found, looked_up
from cmdpoint.checks.check import FileReport, check
from cmdpoint.checks.problem import Ignored, Problem
from cmdpoint.cli import image_format
from cmdpoint.cli.assumptions import NOT_FOLLOWED
from cmdpoint.cli.context import Contexts
from cmdpoint.cli.explain import find_dialect
from cmdpoint.cli.large import read_dockerfile
from cmdpoint.cli.reading import read
from cmdpoint.cli.tree import Skipped, dockerfiles
from cmdpoint.engines.faults import Fault
from cmdpoint.exit_codes import ExitCode
from cmdpoint.findings.severity import SEVERITIES, Severity
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """The arguments of `cmdpoint check`.

    Attributes:
        paths: Dockerfiles, and folders that contain some.
        dialects: The names of the dialects that matter; empty for the newest Docker.
        configs: The configs of base images.
        arguments: The build arguments.
        context: The folder of the build context, with `{}` for the folder of the Dockerfile; None if it is
            not given.
        settings: The settings of the project.
    """

    paths: Sequence[str]
    dialects: Sequence[str] = ()
    configs: NamedConfigs = field(default_factory=lambda: NamedConfigs({}))
    arguments: tuple[tuple[str, str], ...] = ()
    context: str | None = None
    settings: Settings = field(default_factory=Settings)


@dataclass(slots=True)
class CheckReport:
    """The report on all files.

    Attributes:
        dialects: The dialects.
        has_context: Whether a build context is given.
        files: The Dockerfiles that could be read.
        faults: The faults of the others.
        skipped: The files with the name of a Dockerfile that are none.
        bases: The base images whose configs a source found.
    """

    dialects: tuple[Dialect, ...]
    has_context: bool = False
    files: list[FileReport] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    bases: Mapping[str, Found] = field(default_factory=dict)

    @property
    def problems(self) -> list[Problem]:
        """The problems of all files."""
        return [problem for file in self.files for problem in file.problems]

    @property
    def ignored(self) -> list[Ignored]:
        """The ignored problems of all files."""
        return [ignored for file in self.files for ignored in file.ignored]

    @property
    def not_covered(self) -> list[FileReport]:
        """The files that cmdpoint cannot check."""
        return [file for file in self.files if file.not_covered]

    @property
    def unknown(self) -> list[FileReport]:
        """The files in which base images that are not given decide what runs."""
        return [file for file in self.files if file.needs]

    @property
    def lost(self) -> tuple[str, ...]:
        """What the default format of `podman build` would lose of the files' images."""
        return tuple(sorted({key for file in self.files for key in file.lost}))

    @property
    def assumed(self) -> list[str]:
        """What is assumed about the files and the format of the images, in sentences."""
        about_format = [image_format.sentence(self.lost)] if self.lost else []
        if not self.has_context:
            return [*about_format, NOT_FOLLOWED] if self.files else []
        reasons = dict.fromkeys(file.unknown_context for file in self.files if file.unknown_context)
        return [*about_format, *(f"The files of a build context are not known: {why}." for why in reasons)]

    def status(self, fail_on: Severity | None) -> int:
        """The exit code.

        Args:
            fail_on: The least serious severity that counts; None if no problem does.
        """
        if self.faults:
            return self.faults[0].exit_code
        counting = () if fail_on is None else SEVERITIES[: SEVERITIES.index(fail_on) + 1]
        if any(problem.severity in counting for problem in self.problems):
            return ExitCode.FINDING
        if self.files and len(self.not_covered) == len(self.files):
            return ExitCode.NOT_COVERED
        return ExitCode.DONE


def check_paths(wanted: CheckRequest, report: CheckReport) -> Iterator[FileReport]:
    """Check all files, and add them to a report.

    Args:
        wanted: What to check.
        report: The report; see `new_report`.

    Returns:
        Each file as soon as it is checked.

    Raises:
        Fault: A base is malformed. A file that cannot be read is a fault of the report instead.
    """
    contexts = Contexts(wanted.context)
    for path in dockerfiles(wanted.paths):
        if isinstance(path, Skipped):
            report.skipped.append(path)
            continue
        try:
            if isinstance(path, Fault):
                raise path
            context = contexts.of(path)
            text = read_dockerfile(path) if context.files is None else read(path)
            file = check(path, text, report.dialects, wanted.configs, wanted.arguments, context)
        except Fault as fault:
            report.faults.append(fault)
            continue
        file = _without_ignored(file, wanted.settings)
        report.files.append(file)
        report.bases = looked_up(wanted.configs)
        yield file


def _without_ignored(file: FileReport, settings: Settings) -> FileReport:
    """The report on a file, in which the problems that the settings ignore are ignored."""
    remaining, ignored = [], list(file.ignored)
    for problem in file.problems:
        reason = settings.reason(problem.file, problem.rule)
        if reason is None:
            remaining.append(problem)
        else:
            ignored.append(Ignored(problem, reason, "settings"))
    return replace(file, problems=tuple(remaining), ignored=tuple(ignored))


def new_report(wanted: CheckRequest) -> CheckReport:
    """An empty report.

    Raises:
        BadDialect: There is no dialect of a name.
    """
    names = wanted.dialects or wanted.settings.dialects or (None,)
    return CheckReport(tuple(map(find_dialect, names)), wanted.context is not None)
