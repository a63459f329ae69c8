"""What each release of a front end does, where a `# syntax=` line names a tag that moves and they differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from cmdpoint.bases.front_ends import front_ends
from cmdpoint.bases.given import Bases
from cmdpoint.bases.result import outcome_of
from cmdpoint.bases.symbols import symbolic
from cmdpoint.bases.unknown import UnknownBase
from cmdpoint.oracle.case import Case, ImageConfig
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.front_ends import front_end
from cmdpoint.oracle.outcome import Prediction
from cmdpoint.oracle.predict import predict


@dataclass(frozen=True, slots=True)
class Releases:
    """Releases of a front end that do the same.

    Attributes:
        name: The front end, as written.
        range: The releases in words, such as `1.4 and newer`.
        newest: The newest described one of them.
        prediction: What they do.
    """

    name: str
    range: str
    newest: str
    prediction: Prediction


def releases(
    case: Case, dialect: Dialect, needs: Sequence[UnknownBase], configs: Mapping[str, ImageConfig]
) -> tuple[Releases, ...]:
    """What the releases do of the front end that decides a case, the newest first.

    Args:
        case: The case.
        dialect: The dialect that predicts it.
        needs: What decides the outcome. The result is empty if no tag that moves is among it.
        configs: The configs of base images that are given.
    """
    decisive = {base.name for base in needs if base.keys == ("Front end",)}
    moving = next((each for each in front_ends(case, dialect) if each.moves and each.name in decisive), None)
    if moving is None:
        return ()
    bases = Bases(configs, symbolic)
    pairs = [
        (release, predict(case, dialect.with_values({"moving_front_end": release}), bases))
        for release in moving.releases
    ]
    groups = [list(members) for _, members in groupby(pairs, key=lambda pair: outcome_of(pair[1]))]
    starts = [group[0][0] for group in groups]
    return tuple(
        Releases(moving.name, _range(starts, at), group[-1][0], group[-1][1])
        for at, group in reversed(list(enumerate(groups)))
    )


def _range(starts: Sequence[str], at: int) -> str:
    """A group of releases in words; each group ends where the next begins."""
    if at + 1 == len(starts):
        return f"{starts[at]} and newer"
    return f"before {starts[at + 1]}" if at == 0 else f"{starts[at]}, before {starts[at + 1]}"


def advice(name: str) -> str:
    """What to do where the release of a front end decides.

    Args:
        name: The front end, as written.
    """
    described = front_end(name).releases
    if not described:
        return "cmdpoint describes the releases of docker/dockerfile alone"
    return f"name a release, as in # syntax=docker/dockerfile:{described[-1]}"
