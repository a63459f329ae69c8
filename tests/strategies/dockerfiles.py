"""Dockerfiles: stages on images and on each other, a target, and now and then a mistake."""

from dataclasses import dataclass, field

from hypothesis import strategies as st

from oracle.model import Image
from tests.strategies.commands import CLEARED, CMD, ENTRYPOINT, LINES, WRONG_LINES

WRONG_FILES = (
    "",
    "# nothing but a comment\n",
    "\n\n",
    'CMD ["/a"]\n',
    'CMD ["/a"]\nFROM probe\n',
    "FROM\n",
    "FROM probe AS\n",
    "FROM probe AS 1st\n",
    "FROM probe AS a/b\n",
    "FROM probe base\n",
    "FROM cmdpoint.invalid/nope\n",
    "FROM Probe\n",
    "FROM scratch\nFROM Probe AS two\n",
    "FROM probe:\n",
    "FROM probe AS one\nFROM pro//be\n",
)
"""Dockerfiles that are refused for what their lines are, or are not, about.

A file of ARG alone is not among them: BuildKit of 20.10 dies of it, and the daemon with it (LEX-23).
"""

_SELDOM = st.sampled_from([False] * 12 + [True] + [False] * 12)


@dataclass
class Draft:
    """A Dockerfile while it is drawn.

    Attributes:
        bases: The images that a FROM may name.
        names: What AS has called the stages so far.
        lines: The text so far.
    """

    bases: list[str]
    names: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


@st.composite
def mistaken_images(draw: st.DrawFn, name: str, bases: list[str]) -> Image:
    """An image whose Dockerfile holds a mistake; see `images` for the arguments."""
    if draw(st.sampled_from([True, False, False])):
        return Image(name, draw(st.sampled_from(WRONG_FILES)))
    draft = Draft(bases)
    _add_stage(draw, draft)
    draft.lines.insert(draw(st.integers(1, len(draft.lines))), draw(WRONG_LINES))
    return Image(name, "\n".join(draft.lines))


@st.composite
def images(draw: st.DrawFn, name: str, bases: list[str]) -> Image:
    """An image.

    Args:
        draw: Hypothesis's.
        name: What to call it.
        bases: What its Dockerfile may build on, the likeliest first.
    """
    draft = Draft(bases)
    for _ in range(draw(st.sampled_from([1, 1, 2, 2, 3]))):
        _add_stage(draw, draft)
    return Image(name, "\n".join(draft.lines) + draw(st.sampled_from(["\n", ""])), _target(draw, draft))


def _add_stage(draw: st.DrawFn, draft: Draft) -> None:
    likely = [*draft.bases[:1] * 2, *draft.names[-1:] * 5]
    base = draw(st.sampled_from([*likely, *draft.bases, *draft.names, "scratch"]))
    if base in draft.names:
        # With other letters' case it is the same stage to one builder, and no image at all to the other.
        base = draw(st.sampled_from([base, base, base, base.upper()]))
    name = draw(st.sampled_from(["", "one", "two", "Three"]))
    if name.lower() in draft.names:
        name = ""  # the builders part over duplicate names, and that rule is not in the spec yet
    draft.lines.append(f"FROM {base} AS {name}" if name else f"FROM {base}")
    if name:
        draft.names.append(name.lower())
    # Many a stage that is built on another only says how to start what that one holds.
    if base.lower() not in draft.names or draw(st.booleans()):
        draft.lines.extend(draw(st.lists(LINES, max_size=3)))
    draft.lines.extend(draw(st.sampled_from([1, 1, 0])) * [draw(CMD | ENTRYPOINT | CLEARED)])


def _target(draw: st.DrawFn, draft: Draft) -> str | None:
    if not draft.names:
        return None
    wanted = draw(st.sampled_from([None, None, *draft.names, draft.names[-1].upper()]))
    return "none" if wanted is not None and draw(_SELDOM) else wanted
