"""What the engines did, as text: how often as told, and each time they did not."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cmdpoint.oracle.case import ImageConfig
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.outcome import Outcome, Refusal
from cmdpoint.upgrade.sentences import outcome

if TYPE_CHECKING:
    from cmdpoint.upgrade.verification import Verdict

_ABOUT = (
    "Stand-ins with the config that was given or assumed took the place of the base images, and what has "
    "to do with files was left out: ADD, COPY, RUN, VOLUME and WORKDIR."
)


def render(verdicts: Iterable["Verdict"]) -> str:
    """The text of the verdicts."""
    told = list(verdicts)
    lines = [""]
    counts = Counter((str(verdict.dialect), verdict.agrees) for verdict in told)
    for name in dict.fromkeys(str(verdict.dialect) for verdict in told):
        asked = sum(counts[name, agrees] for agrees in (True, False, None))
        lines += notation.fold(f"{name} was asked, and did as told {counts[name, True]} times of {asked}.")
    lines += notation.fold(_ABOUT)
    for verdict in told:
        if not verdict.agrees:
            lines += ["", *_otherwise(verdict)]
    return "".join(f"{line}\n" for line in lines)


def _otherwise(verdict: "Verdict") -> Iterator[str]:
    what = "could not be verified" if verdict.agrees is None else "is not as told"
    stage = "" if verdict.stage is None else f", stage {notation.visible(verdict.stage)}"
    yield from notation.fold(f"  {notation.visible(verdict.file)}{stage} {what} of {verdict.dialect}")
    if verdict.agrees is None:
        yield from notation.fold(in_words(*verdict.seen), "    ")
        return
    yield from notation.fold(in_words(*verdict.predicted), "    told  ")
    yield from notation.fold(in_words(*verdict.seen), "    seen  ")


def in_words(config: ImageConfig | Outcome, run: Outcome) -> str:
    """What an image is and runs, in one line."""
    if isinstance(config, ImageConfig):
        return f"{notation.value(config)}, {outcome(run)}"
    assert isinstance(config, Refusal)
    return outcome(config)
