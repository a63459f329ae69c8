"""Dockerfiles: stages on images and on other stages, a target, and sometimes a mistake."""

from dataclasses import dataclass, field

from hypothesis import strategies as st

from cmdpoint.conformance.strategies.arguments import FROM_FLAGS, HEREDOC
from cmdpoint.conformance.strategies.commands import (
    BAD_TRIGGERS,
    CLEARED,
    CMD,
    CMD_TRIGGERS,
    ENTRYPOINT,
    LINES,
    NO_CMD,
    SHELL,
    TRIGGERS,
    WILD,
    WRONG_LINES,
)
from cmdpoint.conformance.strategies.layout import WRONG_TOPS, laid_out
from cmdpoint.oracle.case import Image

WRONG_FILES = (
    'FROM probe\nHEALTHCHECK --interval="5 s" CMD /c\n',
    'FROM probe\nADD ["a", 1]\n',
    'FROM "pro\\be"\nCMD a\n',
    "",
    "# nothing but a comment\n",
    "\n\n",
    'CMD ["/a"]\n',
    'CMD ["/a"]\nFROM probe\n',
    "FROM\n",
    "FROM --platform=pdp11 probe\n",
    "FROM scratch\nCOPY --chown=app Dockerfile /data\nCMD a\n",
    "FROM probe AS\n",
    "FROM probe AS 1st\n",
    "FROM probe AS a/b\n",
    "FROM probe base\n",
    "FROM cmdpoint.invalid/nope\n",
    "FROM Probe\n",
    "FROM scratch\nFROM Probe AS two\n",
    "FROM probe:\n",
    "# check=skip=all;error=maybe\nFROM probe\nCMD a\n",
    "FROM probe AS one_\nCMD a\n",
    "FROM probe AS one..two\nFROM probe\nCMD a\n",
    "FROM probe AS one\nFROM pro//be\n",
    "FROM --x probe\n",
    "ARG EMPTY\nFROM $EMPTY\n",
    'FROM "${NONE}"\nCMD a\n',
    "FROM probe AS one\nFROM probe AS One\nCMD a\n",
    "FROM probe\nONBUILD RUN <<EOF\na\n",
    "FROM probe\nONBUILD RUN <<EOF\na\nEOF\nNOPE\n",
    f"FROM probe\nCMD {'x' * 66_000}\n",
    f"# {'x' * 66_000}\nFROM probe\n",
    "FROM probe\nCMD a \\",
    *(f"{top}FROM probe\nCMD a\n" for top in WRONG_TOPS),
)
"""Dockerfiles that all builders refuse, or only some.

A file with ARG alone is not among them: it crashes BuildKit of 20.10, and the daemon with it (LEX-23).
"""

RARE_CHAINS = (
    ("# escape=`\nFROM probe\nONBUILD CMD dir c:\\\n", "FROM image1\n"),
    ('FROM probe\nONBUILD CMD a\nSHELL ["/bin/bash", "-c"]\n', "FROM image1\n"),
    ("FROM probe AS one\nCMD a\nFROM probe AS one\nCMD b\nFROM one\nENTRYPOINT c\n",),
    ("FROM probe AS one\nONBUILD CMD a\nFROM one\nENTRYPOINT b\n",),
    ("# check=skip=all\n# escape=`\nFROM probe\nCMD a `\n  b\n",),
    ("FROM probe AS one\nCMD a\nFROM one\nENTRYPOINT b\n",),
    ("FROM probe AS one\nUSER\nFROM probe\n",),
    ('# escape=`\nFROM probe\nCMD ["a\\tb", `\n"c"]\n',),
    ('FROM probe\nCMD ["a", 1]\n',),
    ("FROM probe\nCMD echo \udcff\n",),
    ("FROM probe\nCMD [1e999]\n",),
    ("FROM probe\nONBUILD RUN <<A <<-B\nCMD a\nA\n\tB\nCMD b\n",),
    ("FROM probe\nCMD cat <<x\n",),
    ("FROM probe\nCMD echo $HOME\nONBUILD CMD $X\n", "FROM image1\n"),
    ('FROM probe\nSHELL ["/a"]\n', "FROM image1\nCMD b\n"),
    ("FROM scratch\nCMD a\nFROM probe\nNOPE\n",),
    ("FROM probe\nSHELL bash\n",),
    ("FROM probe\nONBUILD FROM probe\n",),
    (f"FROM probe\nCMD {'x' * 2_097_148}\n",),
    # Podman picks one of two stages of the same name at random, so both are the same here.
    ("FROM probe AS one\nCMD a\nFROM probe AS one\nCMD a\nFROM one\nLABEL a=b\n",),
    ("# escape=`\nFROM probe\nONBUILD CMD dir c:\\\nONBUILD CMD a\n", "FROM image1\n"),
    ("FROM probe\nONBUILD # syntax=x\nONBUILD # escape=`\nONBUILD CMD a `\n", "FROM image1\n"),
    ("FROM probe\nONBUILD # later\n", "FROM image1\n"),
    ("# syntax=docker/dockerfile:1\nFROM probe\nCMD a\n",),
    ("# foo=bar\n# syntax=docker/dockerfile:1\nFROM probe\nCMD a\n",),
    ("// syntax=docker/dockerfile:1\nFROM probe\nCMD a\n",),
    ("FROM probe\nHEALTHCHECK --interval=5 CMD a\n",),
    ('FROM probe AS one\nFROM scratch\nCOPY --from=one /bin/a /app\nCMD ["/app"]\n',),
    ("FROM probe AS one\nFROM probe\nCOPY --from=one /missing /app\n",),
    ('FROM probe AS one\nFROM scratch\nCOPY --from=one --chmod=644 /bin/a /app\nCMD ["/app"]\n',),
    ("FROM probe\nCOPY Dockerfile /plain/data\n",),
    ("FROM scratch\nCOPY Dockerfile /data/\nCMD a\n",),
    ("FROM probe\nHEALTHCHECK --retries=0 CMD a\nCMD b\n",),
    ("FROM probe\nCOPY --link=no Dockerfile /data\n",),
    ("FROM probe\nCOPY --chmod=999 Dockerfile /data\n",),
    ("FROM probe\nUSER 'open\n",),
    ("ARG NAME=INT\nFROM probe\nARG NAME\nSTOPSIGNAL SIG$NAME\nSTOPSIGNAL SIG9\n",),
    ("FROM probe\nEXPOSE 5000 # the port\nCMD a\n",),
    ("FROM probe\nEXPOSE 80/tcp/udp\nCMD a\n",),
    ("FROM probe\nVOLUME $NONE\n",),
    ("FROM probe\nWORKDIR $NONE\nCMD a\n",),
    ("FROM probe\nWORKDIR /plain\nCMD a\n",),
    ("FROM probe\nWORKDIR /plain/x\nCMD a\n",),
    ('FROM probe\nCOPY ["Dockerfile", "/data"] # the data\nCMD a\n',),
    ("FROM probe\nADD [Dockerfile /data\n",),
    ("FROM probe\nCOPY --from=No:where /bin/a /data\n",),
)
"""Chains that must be in every run, and that are generated too rarely for that."""

RARE_RUNS = (
    'FROM probe\nENTRYPOINT b\nCMD ["c", "d"]\n',
    'FROM probe\nENTRYPOINT [""]\nCMD ["/a"]\n',
    'FROM probe\nCMD ["/none"]\n',
    'FROM probe\nENTRYPOINT ["", "a"]\n',
    "FROM probe\n",
    # On Podman the backslashes continue the line: the words name the base, not its tag in the engine.
    "FROM probe\nCMD echo \\\\\nFROM probe AS one\n",
)
"""Images that each run must start, because a quick run starts containers of only a dozen images."""

MOST_STAGES = 3

_RARELY = st.sampled_from([False] * 12 + [True] + [False] * 12)


@dataclass
class Draft:
    """A Dockerfile while it is generated.

    Attributes:
        bases: The images that a FROM may name.
        names: The names of the stages so far.
        on_stages: The names of those that are built on another stage.
        lines: The lines so far.
    """

    bases: list[str]
    names: list[str] = field(default_factory=list)
    on_stages: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


@st.composite
def mistaken_images(draw: st.DrawFn, name: str, bases: list[str]) -> Image:
    """An image whose Dockerfile has a mistake; see `images` for the arguments."""
    if draw(st.sampled_from([True, False, False])):
        return Image(name, draw(st.sampled_from(WRONG_FILES)))
    draft = Draft(bases)
    _add_stage(draw, draft)
    if draw(_RARELY):
        draft.lines[0] = draft.lines[0].replace("FROM", f"FROM {draw(FROM_FLAGS)}", 1)
    draft.lines.insert(draw(st.integers(1, len(draft.lines))), draw(WRONG_LINES))
    return Image(name, "\n".join(draft.lines))


@st.composite
def triggering_images(draw: st.DrawFn, name: str) -> Image:
    """An image with a trigger that is refused when it runs."""
    lines = ["FROM probe", *draw(st.lists(TRIGGERS, max_size=1)), draw(BAD_TRIGGERS)]
    return Image(name, "\n".join([*lines, *draw(st.lists(TRIGGERS, max_size=1))]))


@st.composite
def images(draw: st.DrawFn, name: str, bases: list[str], *, tame: bool = False) -> Image:
    """An image.

    Args:
        draw: The function of Hypothesis.
        name: The name of the image.
        bases: The images that its Dockerfile may build on, the most likely first.
        tame: Whether to generate only commands whose run the spec covers.
    """
    draft = Draft(bases)
    given = _base_argument(draw, draft)
    # After each stage, a choice decides whether another follows. If the number of stages were chosen first,
    # Hypothesis could not remove a single stage to shrink the case.
    for _ in range(MOST_STAGES):
        _add_stage(draw, draft)
        if not draw(st.booleans()):
            break
    if draw(_RARELY):
        # No program runs in a build, so a here-document is only in a trigger, where it is read.
        draft.lines += [draw(HEREDOC), "CMD /data", "EOF"] if not _is_base(name) else []
        return Image(name, "\n".join([*draft.lines, ""]), build_args=given)
    if not tame:
        draft.lines += draw(st.lists(WILD, max_size=1))
    return Image(name, draw(laid_out(draft.lines)), _target(draw, draft), given)


_BODIES = st.one_of(
    st.tuples(CMD),
    st.tuples(ENTRYPOINT),
    st.tuples(CMD, ENTRYPOINT),
    st.tuples(ENTRYPOINT, CMD),
    st.tuples(CLEARED),
    st.tuples(CLEARED, CMD),
    st.tuples(NO_CMD, ENTRYPOINT),
    st.tuples(SHELL, CMD | ENTRYPOINT),
    st.tuples(TRIGGERS, TRIGGERS),
    st.tuples(CMD_TRIGGERS, CMD_TRIGGERS),
    st.tuples(TRIGGERS, TRIGGERS, TRIGGERS),
    st.tuples(TRIGGERS, TRIGGERS, CMD),
    st.just(()),
    st.just(()),
    st.tuples(TRIGGERS, CMD | ENTRYPOINT),
    st.lists(LINES, max_size=4).map(tuple),
    st.lists(LINES, max_size=4).map(tuple),
)
"""The lines below a FROM; mostly one or two, so that base and image combine without other instructions."""


@st.composite
def configured_images(draw: st.DrawFn, name: str, base: str = "probe") -> Image:
    """An image of one stage, because create depends only on an image's config, however it was built."""
    return Image(name, "\n".join([f"FROM {base}", *draw(_BODIES), ""]))


def _is_base(name: str) -> bool:
    """Whether another image may be built on an image of this name; the third image is the last."""
    return name != "image3"


def _base_argument(draw: st.DrawFn, draft: Draft) -> tuple[tuple[str, str], ...]:
    """Add an ARG before the first FROM, for use in a FROM, and return the `--build-arg` for it."""
    if draw(st.sampled_from([False] * 4 + [True])):
        base = draw(st.sampled_from([*draft.bases, "scratch"]))
        draft.lines.append(draw(st.sampled_from([f"ARG BASE={base}", "ARG BASE", f'arg BASE="{base}"'])))
        spelled = draw(st.sampled_from(["$BASE", "${BASE}", f"${{BASE:-{base}}}", f"${{NONE:-{base}}}"]))
        given = draw(st.sampled_from([*draft.bases, None]))
        draft.bases = [spelled if given or "BASE=" in draft.lines[0] else base, *draft.bases]
        return (("BASE", given),) if given else ()
    return ()


def _add_stage(draw: st.DrawFn, draft: Draft) -> None:
    likely = [*draft.bases[:1] * 6, *draft.names[-1:] * 6]
    base = draw(st.sampled_from([*likely, *draft.bases, *draft.names, "scratch"]))
    is_on_stage = base in draft.names
    if is_on_stage:
        # In upper case, it is the same stage to one builder, and an unknown image to the other.
        base = draw(st.sampled_from([base, base, base, base, base, base.upper()]))
    name = draw(st.sampled_from(["", "one", "two", "Three"]))
    is_rare = name.lower() in draft.names and draw(st.sampled_from([True, True, True, False]))
    # Podman builds every stage whose name is needed, even if no stage is built on it. If such a stage is
    # refused while an earlier stage waits for its base, the whole service can end (STATE-13).
    if is_rare or name.lower() in draft.on_stages:
        name = ""
    if name.lower() in draft.names:
        base, is_on_stage = draft.bases[0], False
    draft.lines.append(f"FROM {base} AS {name}" if name else f"FROM {base}")
    if name:
        draft.names.append(name.lower())
        draft.on_stages += [name.lower()] if is_on_stage else []
    draft.lines += draw(_BODIES)


def _target(draw: st.DrawFn, draft: Draft) -> str | None:
    if not draft.names:
        return None
    wanted = draw(st.sampled_from([None, None, *draft.names, draft.names[-1].upper()]))
    return draw(st.sampled_from(["none", "0"])) if wanted is not None and draw(_RARELY) else wanted
