"""Command lines: the words after `docker run`, with usual options, and sometimes a mistake."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from hypothesis import strategies as st

from cmdpoint.conformance.strategies.words import ARGUMENTS, PROGRAMS, argument_lists
from cmdpoint.oracle.case import CommandLine, Words
from cmdpoint.oracle.clients.docker_run import IMAGE

# These options do not change which program runs: none sets its search path, its working folder or its user.
# None detaches the container or allocates a terminal, because the client would then not print the probe's
# output byte by byte. `docker create`, which gets the same words, knows all of them.
_SWITCHES = st.sampled_from(
    ["--rm", "-i", "--interactive", "--no-healthcheck", "--init=false", "--rm=0", "-i=True", "-t=f", "-it=F"]
)

_VALUES: Final = {
    **{name: ["a=b", "--", "-x"] for name in ("--label", "-l", "-il")},
    **{name: ["A=b", "X=", "A=--rm"] for name in ("--env", "-e", "-ie")},
    **{name: ["name"] for name in ("--hostname", "-h")},
    **{name: ["/"] for name in ("--workdir", "-w")},
    "--stop-signal": ["TERM", "9"],
}

_MISTAKES: Final[list[Words]] = [
    *(("--entrypoin", "x"), ("-y",), ("---",), ("--=x",), ("--rm=maybe",), ("-i=",), ("-iyx",), ("-t=",)),
    *(("--label",), ("--help",), ("-",), ("--rm", "false"), ("--entrypoint=x=y",), ("-il",), ("-=",)),
    *(("-c", "echo hi"), ("--cpus=lots",), ("--stop-timeout", "1.5"), ("--oom-score-adj", ""), ("-c1_",)),
]

_WORDS = st.one_of(
    ARGUMENTS,
    st.sampled_from(["-x", "--rm", "--entrypoint", "-", "--", '["/a", "b"]', "é", "\u2003", "日本"]),
    st.sampled_from(["\udcff", "a\udce9", "\udced\udca0\udc80"]),
)


@st.composite
def _valued(draw: st.DrawFn) -> Words:
    """An option with its value, as one word or as two."""
    name = draw(st.sampled_from(sorted(_VALUES)))
    value = draw(st.sampled_from(_VALUES[name]))
    glued = [f"{name}={value}"] if name.startswith("--") else [f"{name}{value}", f"{name}={value}"]
    return draw(st.sampled_from([(name, value), *((word,) for word in glued)]))


_OPTIONS: Final = st.one_of(_SWITCHES.map(lambda word: (word,)), _valued())

_GLUED: Final = re.compile("-it|[0-9a-f]+")
"""Never words of their own. Behind a `--label` without a value, `-it` would be an option that allocates a
terminal, and hexadecimal digits would be the name of an image, and so also the beginning of an id."""

_ENTRYPOINTS: Final[st.SearchStrategy[Words]] = st.builds(
    lambda value, glued: (
        (f"--entrypoint={value}",) if glued or _GLUED.fullmatch(value) else ("--entrypoint", value)
    ),
    st.one_of(PROGRAMS, PROGRAMS, st.just(""), st.just(""), st.just(""), _WORDS),
    st.booleans(),
)


@st.composite
def command_lines(draw: st.DrawFn) -> CommandLine:
    """The words after `docker run`; one line in eight has a mistake, and one in sixteen has no image."""
    options = draw(st.lists(_OPTIONS, max_size=2)) + draw(st.lists(_ENTRYPOINTS, max_size=2))
    if draw(st.integers(0, 7)) == 0:
        options.append(draw(st.sampled_from(_MISTAKES)))
    end = draw(st.sampled_from([(), (), ("--",)]))
    arguments = draw(st.one_of(st.lists(st.one_of(PROGRAMS, _WORDS), max_size=3), argument_lists()))
    before = (*_flat(draw(st.permutations(options))), *end)
    if draw(st.integers(0, 15)) == 0:
        return CommandLine(before)
    return CommandLine((*before, IMAGE, *arguments))


def _flat(options: Iterable[Words]) -> Iterator[str]:
    for option in options:
        yield from option
