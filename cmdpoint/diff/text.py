"""A comparison of two Dockerfiles as text: what changes, then what is unknown, then what is the same."""

from collections import Counter
from collections.abc import Iterator

from cmdpoint.bases.symbols import symbols
from cmdpoint.cli import image_format
from cmdpoint.cli.colour import paint
from cmdpoint.diff.compare import Diff, UseChange
from cmdpoint.diff.sentence import sentence
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.outcome import Outcome, Process
from cmdpoint.upgrade.change_text import outcome_text


def render(found: Diff, old: str, new: str) -> str:
    """The comparison as text.

    Args:
        found: The comparison.
        old: The name of the one file.
        new: The name of the other.
    """
    lines = [f"{notation.visible(old)} → {notation.visible(new)}, on {found.dialect}", "", _summary(found)]
    if found.refusals is not None:
        for label, refusal in zip(("before", "after "), found.refusals, strict=True):
            lines += notation.fold(outcome_text(refusal), f"  {label}  ")
    for verdict in ("different", "unknown") if found.refusals is None else ():
        for change in found.uses:
            if change.verdict == verdict:
                lines += ["", *_change(change, found)]
    uses = [change.use.text for change in found.uses if change.verdict == "same"]
    same = [notation.for_client(text, found.dialect.engine) for text in uses]
    if same and len(same) < len(found.uses):
        lines += ["", "The same:", *(f"  {text}" for text in same)]
    lines += _remedy(found)
    if found.unused:
        names = ", ".join(map(notation.visible, found.unused))
        lines += ["", *notation.fold(f"Not used: --base {names}. Nothing is built on an image of that name.")]
    if found.lost:
        lines += ["", *notation.fold(image_format.sentence(found.lost))]
    for each in found.assumed:
        lines += ["", *notation.fold(notation.visible(each))]
    return "".join(f"{line}\n" for line in lines)


def _summary(found: Diff) -> str:
    counts = Counter(change.verdict for change in found.uses)
    total = len(found.uses)
    if found.refusals is not None:
        text = "Neither can be built" + (", for another reason now." if counts["different"] else ".")
        return paint(text, "red" if counts["different"] else "yellow")
    if counts["same"] == total:
        return f"Nothing changes for those who use the image: all {total} ways to use it do the same."
    parts = []
    if counts["different"]:
        verb = "changes" if counts["different"] == 1 else "change"
        parts.append(f"{counts['different']} of {total} ways to use the image {verb}")
    if counts["unknown"]:
        unknown = f"{counts['unknown']} depend{'s' if counts['unknown'] == 1 else ''} on a base image"
        parts.append(unknown if parts else f"Of {total} ways to use the image, {unknown}")
    text = f"{', '.join(parts)}."
    return paint(text, "red" if counts["different"] else "yellow")


def _change(change: UseChange, found: Diff) -> Iterator[str]:
    yield notation.for_client(change.use.text, found.dialect.engine)
    yield from notation.fold(notation.visible(sentence(change)), "  ")
    yield from notation.fold(_outcome(change.before, found), "  before  ")
    yield from notation.fold(_outcome(change.after, found), "  after   ")


def _outcome(outcome: Outcome, found: Diff) -> str:
    if not isinstance(outcome, Process):
        return outcome_text(outcome)
    known = symbols(found.unknown)
    return " ".join(
        notation.visible(word) if word in known else notation.quoted(word) for word in outcome.argv
    )


def _remedy(found: Diff) -> Iterator[str]:
    names = dict.fromkeys(each.name for change in found.uses for each in change.decision.needs)
    if names:
        yield ""
        yield "To find out, pass the config of the base image:"
    for name in names:
        yield f"  --base {name}=@FILE, where FILE has the output of `docker image inspect {name}`"
