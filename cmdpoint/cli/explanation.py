"""What `cmdpoint explain` answers: what is certain, what is surprising, and which engines differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from cmdpoint.bases.front_ends import as_read
from cmdpoint.bases.given import Bases
from cmdpoint.bases.result import Certain, certain
from cmdpoint.bases.sources import Found, FoundConfigs
from cmdpoint.bases.symbols import without_shell
from cmdpoint.bases.table import with_table
from cmdpoint.cli import image_format
from cmdpoint.cli.dialect_ranges import ranges, usual_dialects
from cmdpoint.cli.releases import Releases, releases
from cmdpoint.findings.find import findings
from cmdpoint.findings.finding import Finding
from cmdpoint.oracle.case import Case, ImageConfig
from cmdpoint.oracle.comparison import agree
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.known import known_dialects
from cmdpoint.oracle.outcome import Outcome, Prediction, Refusal
from cmdpoint.oracle.predict import predict


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What an explanation has besides the answer.

    Attributes:
        elsewhere: Whether to list the dialects that lead to another outcome.
        all_dialects: Whether that includes engines that are no longer supported, and unusual builders.
        steps: Whether to list all steps.
        words: The words of the command, which is repeated with another `--base` to find out more.
        client: The client of the command line.
        image_word: The word that names the image in the command line.
        unknown_context: If the build context is given: why its files are not known.
    """

    elsewhere: bool = True
    all_dialects: bool = False
    steps: bool = False
    words: Sequence[str] = ("explain",)
    client: str = "docker"
    image_word: str | None = None
    unknown_context: str = ""


_PLAIN: Final = Layout()


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Dialects that lead to another outcome.

    Attributes:
        dialects: The dialects.
        ranges: The same as ranges of versions.
        prediction: What they do.
    """

    dialects: tuple[Dialect, ...]
    ranges: str
    prediction: Prediction


@dataclass(frozen=True, slots=True)
class Explanation:
    """An explanation of a case.

    Attributes:
        case: The case.
        dialect: The dialect that predicts it.
        answer: What is certain.
        findings: What is surprising.
        elsewhere: The dialects that lead to another outcome.
        layout: What else is shown.
        found: The base images that decide the outcome and whose configs a source found, by name.
        likely: The answer with the table of official images, if it has all unknown bases; see `likely_found`.
        likely_found: The same of the likely answer, the configs of the table included.
        releases: What each release of a front end does, if that decides the outcome.
    """

    case: Case
    dialect: Dialect
    answer: Certain
    findings: tuple[Finding, ...]
    elsewhere: tuple[Elsewhere, ...]
    layout: Layout
    found: Mapping[str, Found] = field(default_factory=dict)
    likely: Certain | None = None
    likely_found: Mapping[str, Found] = field(default_factory=dict)
    releases: tuple[Releases, ...] = ()

    @property
    def outcome(self) -> Outcome | None:
        """The outcome; None if it is unknown."""
        return self.answer.outcome

    @property
    def lost(self) -> tuple[str, ...]:
        """What the default format of `podman build` would lose, if the answer is about Podman, too."""
        prediction = self.answer.prediction
        if self.dialect.engine == "docker":
            return image_format.lost_elsewhere(prediction) if self.layout.elsewhere else ()
        return image_format.lost(prediction, self.dialect, self.answer.bases.unknown)


def explanation(
    case: Case, dialect: Dialect, configs: Mapping[str, ImageConfig], layout: Layout = _PLAIN
) -> Explanation:
    """Explain a case.

    Args:
        case: The Dockerfile, and how its image is run.
        dialect: The dialect that predicts it.
        configs: The configs of base images that are known.
        layout: What the explanation has besides the answer.
    """
    answer = certain(case, dialect, configs)
    found = findings(case, as_read(case, dialect), answer, client=layout.client, image_word=layout.image_word)
    groups: tuple[Elsewhere, ...] = ()
    if layout.elsewhere:
        among = known_dialects() if layout.all_dialects else usual_dialects()
        groups = _elsewhere(case, dialect, configs, [each for each in among if not each.store])
    likely = _likely(case, dialect, answer, configs)
    return Explanation(
        case=case,
        dialect=dialect,
        answer=answer,
        findings=tuple(found),
        elsewhere=groups,
        layout=layout,
        found=_found(case, answer, dialect),
        likely=likely,
        likely_found={} if likely is None else _found(case, likely, dialect),
        releases=releases(case, dialect, answer.needs, configs),
    )


def _likely(
    case: Case, dialect: Dialect, answer: Certain, configs: Mapping[str, ImageConfig]
) -> Certain | None:
    """The answer with the table of official images; None if that does not decide it."""
    if not answer.needs:
        return None
    likely = certain(case, dialect, with_table(configs))
    return None if likely.needs else likely


def _found(case: Case, answer: Certain, dialect: Dialect) -> dict[str, Found]:
    """What sources found of the base images that decide the outcome: the others make no answer older."""
    configs = answer.bases.given
    if not isinstance(configs, FoundConfigs):
        return {}
    found = {name: configs.found(name) for name in dict.fromkeys(answer.bases.used)}
    if not any(found.values()):
        return {}
    decide = {base.name for base in certain(case, dialect, {name: configs[name] for name in configs}).needs}
    return {name: each for name, each in found.items() if each is not None and name in decide}


def _elsewhere(
    case: Case, dialect_here: Dialect, configs: Mapping[str, ImageConfig], among: Sequence[Dialect]
) -> tuple[Elsewhere, ...]:
    # That an unknown base may have a Shell, which some builders ignore, is no difference worth mentioning.
    here = predict(case, dialect_here, Bases(configs, without_shell)).outcome
    groups: list[tuple[Prediction, list[Dialect]]] = []
    for dialect in among:
        prediction = predict(case, dialect, Bases(configs, without_shell))
        if _looks_alike(here, prediction.outcome):
            continue
        alike = (members for known, members in groups if _looks_alike(known.outcome, prediction.outcome))
        same = next(alike, None)
        if same is None:
            groups.append((prediction, [dialect]))
        else:
            same.append(dialect)
    return tuple(
        Elsewhere(tuple(members), ranges(members, among), prediction) for prediction, members in groups
    )


def _looks_alike(one: Outcome, other: Outcome) -> bool:
    """Whether outcomes are the same for who uses `docker run`: the codes of the API are not shown."""
    if isinstance(one, Refusal) and isinstance(other, Refusal) and one.phase == other.phase == "start":
        return (one.kind, one.codes.run) == (other.kind, other.codes.run)
    return agree(one, other)
