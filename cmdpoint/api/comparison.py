"""Compare what two dialects make of a Dockerfile, or of each Dockerfile in a tree."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from cmdpoint.api.prediction import BaseConfig, base_configs, case_of, dialect_of
from cmdpoint.bases.given import Bases
from cmdpoint.bases.result import Result, result
from cmdpoint.bases.unknown import Configs, UnknownBase
from cmdpoint.cli.dockerfile_files import refuse_windows
from cmdpoint.cli.reading import read
from cmdpoint.cli.tree import Skipped, dockerfiles
from cmdpoint.cli.yaml_files import refuse_yaml
from cmdpoint.engines.faults import Fault
from cmdpoint.oracle.case import Case, Image
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.explain.causes import Cause, causes
from cmdpoint.upgrade.difference_kind import Kind
from cmdpoint.upgrade.verdict import Verdict, decide


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What two dialects make of a Dockerfile.

    Attributes:
        file: The path of the Dockerfile, or None for a text.
        verdict: `same` if both dialects do the same whatever the base images are, `different` if they differ
            whatever the base images are, and `unknown` otherwise. Both do the same if neither builds the
            image, or if both build the same config and run the same process.
        kind: For `different`, what a user notices: the image is `refused` or `accepted` only by `after`, it
            `runs` something else, or its `config` differs, which shows with arguments or as a base. None
            otherwise.
        before: The result in the one dialect.
        after: The result in the other.
        causes: For `different`, the behaviours that make the difference, each with a rule and a line.
        needs: For `unknown`, the base images to give, with the keys that decide the verdict.
    """

    file: str | None
    verdict: Verdict
    kind: Kind | None
    before: Result
    after: Result
    causes: tuple[Cause, ...]
    needs: tuple[UnknownBase, ...]


def compare(
    dockerfile: str,
    before: str | Dialect,
    after: str | Dialect,
    *,
    bases: Mapping[str, BaseConfig] = {},
    build_args: Mapping[str, str] = {},
    target: str | None = None,
) -> Comparison:
    r"""Compare what two dialects make of a Dockerfile, run without arguments.

    Args:
        dockerfile: The text of a Dockerfile.
        before: A dialect, or its name, as for `predict`.
        after: The other one.
        bases: As for `predict`.
        build_args: As for `predict`.
        target: As for `predict`.

    Returns:
        The comparison.

    Raises:
        UnknownDialect: As for `predict`.
        BadBase: As for `predict`.

    Examples:
        Docker 27.1 reads a comment behind an array as part of a command for a shell:

        >>> text = 'FROM scratch\nCMD ["npm", "start"]  # production'
        >>> comparison = compare(text, "docker-26.1.5", "docker-28.5.2")
        >>> comparison.verdict, comparison.kind
        ('different', 'runs')
        >>> comparison.before.outcome.argv
        ('npm', 'start')
        >>> [(cause.rule, cause.line) for cause in comparison.causes]
        [('FORM-2', 2)]

        Only the base decides whether this one changes:

        >>> comparison = compare("FROM node:22\nCMD node server.js", "docker-26.1.5", "docker-28.5.2")
        >>> comparison.verdict, [base.name for base in comparison.needs]
        ('unknown', ['node:22'])
    """
    case = case_of(dockerfile, (), None, build_args, target)
    return _compare(None, case, dialect_of(before), dialect_of(after), base_configs(bases))


def compare_files(  # noqa: PLR0913 - all but three are keywords, as for `predict`
    path: str | os.PathLike[str],
    before: str | Dialect,
    after: str | Dialect,
    *,
    bases: Mapping[str, BaseConfig] = {},
    build_args: Mapping[str, str] = {},
    target: str | None = None,
    on_fault: Callable[[Fault], None] | None = None,
) -> Iterator[Comparison]:
    r"""Compare what two dialects make of each Dockerfile in a tree.

    Args:
        path: A Dockerfile; or a folder, in which files such as `Dockerfile`, `Dockerfile.dev` and
            `Containerfile` are compared, in the order of their paths.
        before: As for `compare`.
        after: As for `compare`.
        bases: As for `predict`.
        build_args: As for `predict`.
        target: As for `predict`.
        on_fault: Is called with the fault if a file or folder cannot be read, there is no Dockerfile, or if
            one is for Windows; the other files are still compared. None raises the fault.

    Returns:
        A comparison for each file.

    Raises:
        UnknownDialect: As for `predict`.
        BadBase: As for `predict`.
        Fault: A file cannot be read, is for Windows, or is YAML, and `on_fault` is None.

    Examples:
        >>> import tempfile, pathlib
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     _ = pathlib.Path(folder, "Dockerfile").write_text('FROM scratch\nCMD ["top"]')
        ...     [each.verdict for each in compare_files(folder, "docker-26", "docker-28")]
        ['same']
    """
    dialects, configs = (dialect_of(before), dialect_of(after)), base_configs(bases)

    def comparisons() -> Iterator[Comparison]:
        for file in dockerfiles([os.fspath(path)]):
            if isinstance(file, Skipped):
                continue
            try:
                if isinstance(file, Fault):
                    raise file
                text = read(file)
                refuse_yaml(file, text)
                refuse_windows([Image(file, text)], None, dialects[1])
                case = case_of(text, (), None, build_args, target)
            except Fault as fault:
                if on_fault is None:
                    raise
                on_fault(fault)
                continue
            yield _compare(file, case, *dialects, configs)

    return comparisons()


def _compare(file: str | None, case: Case, before: Dialect, after: Dialect, bases: Configs) -> Comparison:
    decision = decide(case, before, after, bases)
    is_different = decision.verdict == "different"
    return Comparison(
        file=file,
        verdict=decision.verdict,
        kind=decision.kind,
        before=result(case, before, bases),
        after=result(case, after, bases),
        causes=causes(case, before, after, Bases(bases)) if is_different else (),
        needs=decision.needs,
    )
