"""Cases: chains of images, and every shape of request."""

import json
from itertools import product

from hypothesis import strategies as st

from cmdpoint.conformance.strategies.dockerfiles import (
    RARE_CHAINS,
    RARE_RUNS,
    WRONG_FILES,
    configured_images,
    images,
    mistaken_images,
    triggering_images,
)
from cmdpoint.conformance.strategies.variables import variable_images
from cmdpoint.conformance.strategies.words import COMMANDS, TYPED, argument_lists, is_on_a_line
from cmdpoint.oracle.case import ABSENT, Absent, Chain, Image, Load, Request, Words

OBSERVED_REQUESTS = 18
"""How many requests of a table are observed for a chain, besides two plain ones; to build it is slow."""


@st.composite
def chains(draw: st.DrawFn, *, tame: bool = False) -> tuple[Image, ...]:
    """One to three images, each of which may be built on an earlier one.

    Args:
        draw: The function of Hypothesis.
        tame: Whether to generate only commands whose run the spec covers.
    """
    chain: list[Image] = []
    for number in range(draw(st.sampled_from([1, 2, 2, 2, 3]))):
        bases = [image.name for image in reversed(chain)] + ["probe"]
        chain.append(draw(images(f"image{number + 1}", bases, tame=tame)))
    return tuple(chain)


def configured() -> st.SearchStrategy[Chain]:
    """One image, for a whole table of requests; requests do not depend on how images inherit."""
    return st.tuples(configured_images("image1"))


@st.composite
def refused_chains(draw: st.DrawFn) -> tuple[Image, ...]:
    """One or two images, the last of which has a mistake, or is built on an image with one."""
    if draw(st.sampled_from([False] * 5 + [True])):
        return draw(triggering_images("image1")), draw(images("image2", ["image1"]))
    base = [draw(images("image1", ["probe"]))] if draw(st.sampled_from([False, False, True])) else []
    last = mistaken_images("image2", [image.name for image in base] + ["probe"])
    return (*base, draw(last))


def rare_chains() -> list[Chain]:
    """Every chain that each run must have but that is rarely generated, including wrong files."""
    texts = [*RARE_CHAINS, *((text,) for text in WRONG_FILES)]
    rare: list[Chain] = [
        tuple(Image(f"image{number}", text) for number, text in enumerate(each, start=1)) for each in texts
    ]
    rare += [(image,) for image in variable_images()]
    trigger = Load("image1", '{"OnBuild": ["FROM x"]}')
    rare.append((trigger, Image("image2", "FROM image1\n")))
    for name in ("Cmd", "Entrypoint", "Shell"):
        saved = Load("image1", json.dumps({"OnBuild": ["LABEL a=b"], name: "/a b"}))
        rare.append((saved, Image("image2", "FROM image1\nCMD x\n")))
    return [*rare, (Load("image1", '{"Cmd": ["a", 1]}'),)]


def rare_runs() -> list[tuple[Chain, list[Request]]]:
    """Images with requests that each run must have; see `rare_chains`."""
    requests = [Request(), Request(None, ("x", "")), Request(("",), ("/a",)), Request(("/b",)), Request(())]
    loaded = Load("image1", '{"Cmd": ["/a"], "WorkingDir": "work"}')
    runs = [((Image("image1", text),), requests) for text in RARE_RUNS]
    return [*runs, ((loaded,), [Request()]), *_typed_runs()]


def _typed_runs() -> list[tuple[Chain, list[Request]]]:
    """Words of every kind in an exec form, in two shell forms, and, 40 at a time, in requests."""
    words = list(filter(is_on_a_line, TYPED))
    entrypoint, cmd = " ".join(words), " ".join(reversed(words))
    image = Image("image1", f"FROM probe\nENTRYPOINT echo {entrypoint}\nCMD {json.dumps(TYPED)}\n")
    sent = [TYPED[at : at + 40] for at in range(0, len(TYPED), 40)]
    requests = [Request(), Request(("/a",)), *(Request(("/a",), words) for words in sent)]
    return [((image,), requests), ((Image("image1", f"FROM probe\nCMD echo {cmd}\n"),), [Request()])]


@st.composite
def request_tables(draw: st.DrawFn) -> list[Request]:
    """Requests with every shape of Entrypoint and every shape of Cmd: all cells of chapter 7's table."""
    command, other = draw(COMMANDS), draw(COMMANDS)
    arguments, others = (tuple(draw(argument_lists(min_size=1))) for _ in range(2))
    entrypoints: list[Words | Absent | None] = [ABSENT, None, (), ("",), ("", "q")]
    entrypoints += [command[:1], command, other[:1], other]
    cmds: list[Words | Absent | None] = [ABSENT, None, (), ("",), others, (*arguments, ""), arguments]
    return [Request(entrypoint, cmd) for entrypoint, cmd in product(entrypoints, cmds)]


@st.composite
def requests(draw: st.DrawFn, count: int) -> list[Request]:
    """The requests of `docker run IMAGE` and `docker run IMAGE x ...`, and some of a table.

    Args:
        draw: The function of Hypothesis.
        count: The number of requests of a table.
    """
    table = draw(request_tables())
    plain = [Request(None, None), Request(None, table[-1].cmd)]
    return plain + draw(st.lists(st.sampled_from(table), min_size=count, max_size=count, unique=True))
