"""Bodies of create requests with any JSON: other types, other letter case, null in lists."""

from typing import Any, Final, cast

from hypothesis import strategies as st

from cmdpoint.conformance.strategies.words import ARGUMENTS, WORDS
from cmdpoint.oracle.case import RawRequest, Request
from cmdpoint.oracle.interchange.case import read_request

_WRONG: Final[st.SearchStrategy[Any]] = st.sampled_from(
    [True, False, 0, 5.5, -1, {}, {"a": "b"}, ["a", 1], [["a"]], [True], [{}], [None, 0]]
)
"""Values that are neither a string, nor null, nor a list of these."""

_LISTS: Final[st.SearchStrategy[Any]] = st.one_of(
    WORDS.map(list),
    st.lists(st.none() | ARGUMENTS, min_size=1, max_size=3),
    st.sampled_from([[None], ["", None], [None, "/a"]]),
    st.none(),
)

_STRINGS: Final[st.SearchStrategy[Any]] = st.sampled_from(
    ["", "/a", "/a b", "null", "[]", '["/a", "b"]', '["/a", 1]', "é", "\ud800"]
)

_VALUES: Final[dict[str, st.SearchStrategy[Any]]] = {
    "Entrypoint": st.one_of(_LISTS, _LISTS, _STRINGS, _WRONG),
    "Cmd": st.one_of(_LISTS, _LISTS, _STRINGS, _WRONG),
    "Env": st.sampled_from([None, [], ["A=b"], ["A"], ["=b"], ["A=b", None], [""], "A=b", {}, ["A=b", 1]]),
    "WorkingDir": st.sampled_from([None, "", "/work", "work", ".", [], 1]),
    "User": st.sampled_from([None, "", "1000", "app", 0, ["0"]]),
    "HostConfig": st.sampled_from(
        [None, {}, {"Init": None}, {"init": False}, {"Init": 1}, {"INIT": True}, []]
    ),
}


def _written(key: str) -> st.SearchStrategy[str]:
    """The ways to write a key: usually as it is."""
    others = [key.lower(), key.upper(), key.swapcase(), key.replace("s", "\u017f")]
    return st.sampled_from([key] * 6 + others)


@st.composite
def _bodies(draw: st.DrawFn) -> dict[str, Any]:
    """A body with up to three keys, each with a value that may be wrong."""
    keys = draw(st.lists(st.sampled_from(["Entrypoint", "Cmd", "Cmd", *_VALUES]), min_size=1, max_size=3))
    return {draw(_written(key)): draw(_VALUES[key]) for key in keys}


def raw_requests() -> st.SearchStrategy[RawRequest]:
    """Bodies that a `Request` cannot express."""
    return _bodies().map(read_request).filter(_is_raw).map(lambda request: cast("RawRequest", request))


def _is_raw(request: Request | RawRequest) -> bool:
    return isinstance(request, RawRequest)
