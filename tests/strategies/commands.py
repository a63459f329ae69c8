"""CMD, ENTRYPOINT and SHELL, each in every form people give it."""

import json

from hypothesis import strategies as st

from oracle.model import Words
from tests.strategies.words import PROGRAMS, TEXTS, WORDS


def _spelled(words: Words, ascii_only: bool, comma: str, blank: str) -> str:
    body = comma.join(json.dumps(word, ensure_ascii=ascii_only) for word in words)
    return f"[{blank}{body}{blank}]"


EXEC_FORM = st.builds(
    _spelled, WORDS, st.booleans(), st.sampled_from([", ", ",", " , ", ",\t"]), st.sampled_from(["", " "])
)
"""A JSON array of strings, in several spellings."""

ALMOST_JSON = st.one_of(
    st.builds(lambda text: text.replace('"', "'"), EXEC_FORM).filter(lambda text: "'" in text),
    st.builds(lambda text: text[:-1] + ",]", EXEC_FORM),
    st.builds(lambda text: text[:-1], EXEC_FORM),
    st.builds(lambda text: text.replace(",", " ", 1), EXEC_FORM),
    st.sampled_from([r'["c:\path"]', "[", "[a]", '["a" "b"]', '["a\tb"]', "[1e999]", r'["\x"]', '["a"]]']),
)
"""What begins like an array and mostly is none."""

TRAILING = st.builds(
    lambda text, rest: text + rest, EXEC_FORM, st.sampled_from([" # none", " x", ",", " []", " \\ "])
).filter(lambda text: not text.endswith("\\ "))
"""An array with text after its closing bracket."""

NOT_STRINGS = st.sampled_from(["[1]", '["a", 1]', "[null]", "[[]]", '[{"a": "b"}]', "[true]", '["a", ["b"]]'])
"""An array with an element that is no string."""

ARGUMENT_TEXT = st.one_of(
    EXEC_FORM,
    TEXTS,
    EXEC_FORM,
    TEXTS,
    st.just("[]"),
    st.just('[""]'),
    st.just(""),
    ALMOST_JSON,
    TRAILING,
)
"""What stands behind CMD or ENTRYPOINT where the build goes on."""


def _cased(keyword: str) -> st.SearchStrategy[str]:
    return st.sampled_from([keyword, keyword, keyword.lower(), keyword.capitalize()])


CMD = st.builds("{} {}".format, _cased("CMD"), ARGUMENT_TEXT)
ENTRYPOINT = st.builds("{} {}".format, _cased("ENTRYPOINT"), ARGUMENT_TEXT)
SHELL = st.builds(
    lambda keyword, words: f"{keyword} {json.dumps(words)}",
    _cased("SHELL"),
    st.one_of(
        st.sampled_from([["/bin/bash", "-c"], ["bash", "-o", "pipefail", "-c"], ["ls"], [""]]),
        st.lists(PROGRAMS, min_size=1, max_size=2),
    ),
)
CLEARED = st.sampled_from(['ENTRYPOINT [""]', "ENTRYPOINT []"])
"""The two ways in which people mean to get rid of an inherited entrypoint."""

OTHER = st.sampled_from(
    [
        "LABEL a=b",
        "ENV X=1",
        "EXPOSE 80",
        "STOPSIGNAL SIGINT",
        "MAINTAINER me",
        "ARG X",
        "HEALTHCHECK NONE",
        'HEALTHCHECK CMD ["/x"]',
        "VOLUME /data",
        "",
        '# CMD ["/x"]',
        "   # ENTRYPOINT x",
    ]
)
"""What has no say in what runs."""

LINES = st.one_of(CMD, ENTRYPOINT, CMD, ENTRYPOINT, SHELL, OTHER)
"""A line of a stage."""

WRONG_LINES = st.one_of(
    st.builds("{} {}".format, st.sampled_from(["CMD", "ENTRYPOINT", "SHELL", "RUN"]), NOT_STRINGS),
    st.sampled_from(["CMD --x a", 'ENTRYPOINT --x=1 ["/a"]', 'SHELL --x ["/a"]', "CMD --x"]),
    st.sampled_from(["NOPE", "CMDS x", "ENTRYPOINT: x", '"CMD" x']),
    st.sampled_from(["SHELL", "SHELL []", "SHELL /bin/bash -c", "SHELL ['/a']"]),
)
"""A line that is refused."""
