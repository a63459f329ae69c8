"""Compare the uses of two Dockerfiles' images, whatever the configs of unknown bases are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from cmdpoint.bases.given import Bases
from cmdpoint.bases.result import is_unbuilt
from cmdpoint.bases.sources import Found, looked_up
from cmdpoint.bases.symbols import symbolic
from cmdpoint.cli import image_format
from cmdpoint.cli.assumptions import NOT_FOLLOWED
from cmdpoint.cli.context import NO_CONTEXT, Context
from cmdpoint.diff.decide import Decision, decide
from cmdpoint.diff.uses import USES, Use, outcome_of
from cmdpoint.oracle.case import Case, ImageConfig
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.outcome import Outcome, Refusal
from cmdpoint.oracle.predict import predict
from cmdpoint.upgrade.compare import Build
from cmdpoint.upgrade.verdict import Verdict


@dataclass(frozen=True, slots=True)
class UseChange:
    """A way to use the image, before and after.

    Attributes:
        use: The way.
        before: The outcome before; symbols stand for the lists of bases that are not given.
        after: The outcome after.
        decision: The verdict with its reasons.
        unknown: The names of the base images that are not given.
    """

    use: Use
    before: Outcome
    after: Outcome
    decision: Decision
    unknown: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """Whether both do the same, whatever the configs of unknown bases are."""
        return self.decision.verdict


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two Dockerfiles.

    Attributes:
        text: Its text.
        context: Its build context.
    """

    text: str
    context: Context = NO_CONTEXT


@dataclass(frozen=True, slots=True)
class Diff:
    """The comparison of two Dockerfiles.

    Attributes:
        dialect: The dialect.
        uses: The ways to use the image.
        unknown: The names of the base images that are not given.
        unused: The names of `--base` that neither builds on.
        assumed: What is assumed about the files of the images, in sentences.
        bases: The base images whose configs a source found.
        lost: What the default format of `podman build` would lose; see `cmdpoint.cli.image_format`.
    """

    dialect: Dialect
    uses: tuple[UseChange, ...]
    unknown: tuple[str, ...]
    unused: tuple[str, ...]
    assumed: tuple[str, ...] = ()
    bases: Mapping[str, Found] = field(default_factory=dict)
    lost: tuple[str, ...] = ()

    @property
    def is_without_target(self) -> bool:
        """Whether neither Dockerfile has the stage to build."""
        outcomes = [outcome for change in self.uses for outcome in (change.before, change.after)]
        return all(isinstance(each, Refusal) and each.kind == "no-such-target" for each in outcomes)

    @property
    def refusals(self) -> tuple[Refusal, Refusal] | None:
        """The refusals of both builds; None unless neither Dockerfile can be built."""
        match self.uses[0].before, self.uses[0].after:
            case Refusal(phase="parse" | "build") as before, Refusal(phase="parse" | "build") as after:
                return before, after
        return None

    @property
    def verdict(self) -> Verdict:
        """`different` if any use is, otherwise `unknown` if any is."""
        verdicts = {each.verdict for each in self.uses}
        return next((each for each in _SERIOUS if each in verdicts), "same")


_SERIOUS: Final[tuple[Verdict, ...]] = ("different", "unknown")


def diff(old: Side, new: Side, build: Build, dialect: Dialect, configs: Mapping[str, ImageConfig]) -> Diff:
    """Compare two Dockerfiles.

    Args:
        old: The one.
        new: The other.
        build: How both are built.
        dialect: The dialect that builds and runs both.
        configs: The configs of base images that are given.
    """
    bases = Bases(configs, symbolic)
    changes = []
    for use in USES:
        cases = use.case(old.text, build, old.context.files), use.case(new.text, build, new.context.files)
        before, after = (outcome_of(predict(case, dialect, bases), use.words) for case in cases)
        if use.only_triggers and not any(_has_triggers(case, dialect, bases) for case in cases):
            continue
        decision = decide(cases, use.words, dialect, configs)
        changes.append(UseChange(use, before, after, decision, tuple(bases.unknown)))
    assumed = tuple(_assumed(old, new))
    unbuilt = any(is_unbuilt(outcome) for each in changes for outcome in (each.before, each.after))
    unused = () if unbuilt else tuple(bases.unused)
    plain = [USES[0].case(side.text, build, side.context.files) for side in (old, new)]
    return Diff(
        dialect=dialect,
        uses=tuple(changes),
        unknown=tuple(bases.unknown),
        unused=unused,
        assumed=assumed,
        bases=looked_up(configs),
        lost=image_format.lost_in(plain, (dialect,), bases),
    )


def _assumed(*sides: Side) -> Iterator[str]:
    """The sentences about files that are not known."""
    if all(side.context == NO_CONTEXT for side in sides):
        yield NOT_FOLLOWED
    for why in dict.fromkeys(side.context.unknown for side in sides if side.context.unknown):
        yield f"The files of a build context are not known: {why}."


def _has_triggers(case: Case, dialect: Dialect, bases: Bases) -> bool:
    config = predict(Case(case.images[:1]), dialect, bases).config
    return config is not None and bool(config.on_build)
