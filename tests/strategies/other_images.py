"""Images without a Dockerfile: commits, imports and loads, with `--change` options."""

import json
from functools import cache

from hypothesis import strategies as st

from cmdpoint.conformance.strategies.dockerfiles import configured_images
from cmdpoint.conformance.strategies.settings import FOLDERS, PATHS, USERS
from cmdpoint.conformance.strategies.words import ARGUMENTS, COMMANDS, WORDS
from cmdpoint.oracle.case import Chain, Commit, Import, Load, Origin, PyCall, Request, Tag, Words

_LISTS = st.one_of(COMMANDS, st.sampled_from([(), ("",)]), COMMANDS).map(json.dumps)

_CHANGE = st.one_of(
    st.sampled_from(['ENTRYPOINT [""]', "ENTRYPOINT []", "CMD []"]),
    st.builds("{} {}".format, st.sampled_from(["CMD", "ENTRYPOINT", "cmd", "Entrypoint"]), _LISTS),
    st.sampled_from(
        [
            "CMD",
            "ENTRYPOINT",
            "CMD x y",
            "ENTRYPOINT a",
            'ENTRYPOINT [""]',
            'CMD ["/a",]',
            "ENTRYPOINT /a # b",
            "CMD []",
        ]
    ),
    st.sampled_from(
        ["ENV A=b", "ONBUILD CMD x", "USER 0", "WORKDIR /work", "LABEL x=y", "EXPOSE 80", "VOLUME /v"]
    ),
    st.sampled_from(["ENV PATH=/work:/bin", "ONBUILD ENTRYPOINT /a", "HEALTHCHECK NONE", "STOPSIGNAL 9"]),
    st.sampled_from(["# CMD x", 'CMD ["/a"] # x', "CMD \\", "ENTRYPOINT \\", "", "# escape=`", "CMD `"]),
    st.sampled_from(['SHELL ["/b"]', "RUN x", "FROM probe", "NOPE", "CMD --x y", "ONBUILD FROM x", "ARG A"]),
)

_REQUESTS = st.builds(
    Request,
    st.one_of(st.none(), COMMANDS.map(lambda words: words[:1]), COMMANDS, st.sampled_from([(), ("",)])),
    st.one_of(st.none(), st.lists(ARGUMENTS, max_size=2).map(tuple)),
    env=st.sampled_from([(), (), (), ("PATH=/work:/bin",), ("A=b",), ("PATH",)]),
    working_dir=st.sampled_from(["", "", "", "/work"]),
)


def _can_be_labelled(words: Words) -> bool:
    continued = any(change.endswith(("\\", "`")) for change in words)
    has_instruction = any(change and not change.startswith("#") for change in words)
    return not continued and (has_instruction or not words)


def changes() -> st.SearchStrategy[Words]:
    """The values of `--change`, which are rarely refused."""
    return st.one_of(
        st.just(()),
        st.lists(_CHANGE, min_size=1, max_size=3).map(tuple),
        _CHANGE.map(lambda change: (change,)),
    )


def commits(name: str, base: str) -> st.SearchStrategy[Origin]:
    """A commit of a container of an image."""
    return st.builds(Commit, st.just(name), st.just(base), _REQUESTS, changes())


def imports(name: str) -> st.SearchStrategy[Origin]:
    """An import, with changes to which the harness can append its label.

    No change continues in the next one, and there is an instruction among them or they are absent: otherwise
    the label would change their meaning.
    """
    return st.builds(Import, st.just(name), changes().filter(_can_be_labelled))


_SAVED_VALUES = st.one_of(
    WORDS.map(list),
    WORDS.map(list),
    st.none(),
    st.sampled_from(["/a", "/a b", "", ["/a", None], ["/a", 1], {"a": "b"}, True]),
)

_SAVED_KEYS = st.lists(
    st.sampled_from(["Entrypoint", "Cmd", "Shell", "OnBuild", "entrypoint", "CMD", "cmd"]),
    max_size=3,
    unique_by=str.lower,
)


_SAVED_SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "Env": st.lists(
            PATHS.map("PATH={}".format) | st.sampled_from(["PATH", "A=b", "WHERE=/work"]),
            max_size=3,
        ),
        "WorkingDir": st.one_of(FOLDERS, st.sampled_from(["work", ".", "bin/..", "../work"])),
        "User": USERS,
    },
)


@st.composite
def loads(draw: st.DrawFn, name: str) -> Origin:
    """A load of an image whose config may have any values."""
    config = {key: draw(_SAVED_VALUES) for key in draw(_SAVED_KEYS)}
    if isinstance(triggers := config.get("OnBuild"), list):
        config["OnBuild"] = [f"CMD {word}" for word in triggers]
    if draw(st.integers(0, 3)) == 0:
        config |= draw(_SAVED_SETTINGS)
    return Load(name, json.dumps(config))


@cache  # Hypothesis validates a strategy once; to validate these takes longer than to draw from them.
def _origins(name: str, base: str) -> st.SearchStrategy[Origin]:
    commit, tag = commits(name, base), st.just(Tag(name, base))
    return st.one_of(commit, commit, imports(name), loads(name), tag)


@st.composite
def other_chains(draw: st.DrawFn) -> Chain:
    """A built image with a commit of it, an import or a load, and rarely an image that is built on that."""
    base = draw(configured_images("image1"))
    name = draw(st.sampled_from(["image2", "image2", "image2", "image1"]))
    origin = draw(_origins(name, base.name))
    chain: Chain = (base, origin)
    return (*chain, draw(configured_images("image3", origin.name))) if draw(st.integers(0, 3)) == 0 else chain


_STRINGS = st.one_of(
    st.none(),
    st.sampled_from(
        ["", "  ", "/a", "/b 'c d'", '"/x" y\\ z', "a # b", "a; b", "'", "a 'b", "$HOME", "é\tx", "\\"]
    ),
    st.text(st.sampled_from(["a", "b", " ", "'", '"', "\\", "#", "\n"]), max_size=6),
    WORDS,
)

CALLS: st.SearchStrategy[PyCall] = st.builds(PyCall, _STRINGS, _STRINGS)
"""Calls of docker-py."""
