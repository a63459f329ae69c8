"""A verification as text: how often each engine agreed, and every divergence."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cmdpoint.oracle.case import ImageConfig
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.outcome import Outcome, Refusal
from cmdpoint.upgrade.change_text import outcome_text

if TYPE_CHECKING:
    from cmdpoint.upgrade.verification import Verification

_ABOUT = (
    "Placeholders with the given or assumed config replaced the base images. Instructions about files were "
    "left out: ADD, COPY, RUN, VOLUME and WORKDIR. The engine's own front end read every file, without its "
    "# syntax= line."
)


def render(verdicts: Iterable["Verification"]) -> str:
    """Return the text of all verifications."""
    verifications = list(verdicts)
    lines = [""]
    counts = Counter((str(verdict.dialect), verdict.agrees) for verdict in verifications)
    for name in dict.fromkeys(str(verdict.dialect) for verdict in verifications):
        total = sum(counts[name, agrees] for agrees in (True, False, None))
        left = f" {counts[name, None]} could not be compared." if counts[name, None] else ""
        lines += notation.fold(f"{name} agreed with {counts[name, True]} of {total} predictions.{left}")
    lines += notation.fold(_ABOUT)
    for verdict in verifications:
        if not verdict.agrees:
            lines += ["", *_divergence(verdict)]
    return "".join(f"{line}\n" for line in lines)


def _divergence(verdict: "Verification") -> Iterator[str]:
    what = "could not be verified" if verdict.agrees is None else "diverges"
    what = "is not compared" if verdict.omission else what
    stage = "" if verdict.stage is None else f", stage {notation.visible(verdict.stage)}"
    yield from notation.fold(f"  {notation.visible(verdict.file)}{stage} {what} on {verdict.dialect}")
    if verdict.omission:
        yield from notation.fold(verdict.omission, "    ")
        yield from notation.fold(result_text(*verdict.predicted), "    predicted  ")
        return
    if verdict.agrees is None:
        yield from notation.fold(result_text(*verdict.observed), "    ")
        return
    yield from notation.fold(result_text(*verdict.predicted), "    predicted  ")
    yield from notation.fold(result_text(*verdict.observed), "    observed   ")


def result_text(config: ImageConfig | Outcome, run: Outcome) -> str:
    """The config of an image and the outcome of its container, in one line."""
    if isinstance(config, ImageConfig):
        return f"{notation.value_text(config)}, {outcome_text(run)}"
    assert isinstance(config, Refusal)
    return outcome_text(config)
