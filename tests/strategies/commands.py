"""CMD, ENTRYPOINT, SHELL and ONBUILD, in every form that people write."""

import json

from hypothesis import strategies as st

from cmdpoint.conformance.strategies.arguments import ARGUMENTS
from cmdpoint.conformance.strategies.words import PROGRAMS, TEXTS, WORDS
from cmdpoint.oracle.case import Words


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
    st.sampled_from(
        [
            r'["c:\path"]',
            "[",
            "[a]",
            '["a" "b"]',
            '["a\tb"]',
            "[1e999]",
            r'["\x"]',
            '["a"]]',
            "[" * 10_001 + "]" * 10_001,
        ]
    ),
)
"""Text that begins like a JSON array and is usually not one."""

ESCAPED = st.sampled_from(
    [r'["\u0041"]', r'["\ud83d\ude00", "\/"]', r'["\ud800"]', r'["\ud800\u0041"]', r'["\t\b"]', '["\udcff"]']
)
"""Arrays with strings that contain escapes."""

DEEP = st.integers(2, 10_000).map(lambda depth: "[" * depth + "]" * depth)
"""Nested arrays, as deep as Go can decode."""

BLANKS = st.sampled_from(
    ['[\v"a"]', '["a",\f"x"]', '["a"\xa0]', '[ \t"a"\t]', '["a\tb"]', '["a\x01"]', '["\0"]']
)
"""Arrays with blanks and control characters, of which JSON allows some."""

JUNK = "\"'[],\\{}1 \t\v\x01\xa0#nul:`e/"


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """An array in which one or two characters are added, removed or replaced."""
    text = draw(EXEC_FORM)
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(1, len(text)))
        text = text[: at - draw(st.integers(0, 1))] + draw(st.sampled_from(["", *JUNK])) + text[at:]
    return text or "["


TRAILING = st.builds(
    lambda text, rest: text + rest, EXEC_FORM, st.sampled_from([" # none", " x", ",", " []", " \\ "])
).filter(lambda text: not text.endswith("\\ "))
"""An array with text after its closing bracket."""

NOT_STRINGS = st.sampled_from(["[1]", '["a", 1]', "[null]", "[[]]", '[{"a": "b"}]', "[true]", '["a", ["b"]]'])
"""An array with an element that is not a string."""

ARGUMENT_TEXT = st.sampled_from(
    [
        *(EXEC_FORM, TEXTS, EXEC_FORM, TEXTS, EXEC_FORM, TEXTS, ALMOST_JSON, ALMOST_JSON, TRAILING),
        *(ESCAPED, ESCAPED, st.just("[]"), st.just('[""]'), st.just("")),
    ]
).flatmap(lambda strategy: strategy)
"""The arguments of a CMD or ENTRYPOINT that is accepted. The list gives each form its share."""

WILD_TEXT = st.one_of(BLANKS, mutated())
"""Text that may become a NUL in an argv, or a path such as `a/../b`, which no rule about starting covers."""


def _cased(keyword: str) -> st.SearchStrategy[str]:
    return st.sampled_from([keyword, keyword, keyword, keyword.lower(), keyword.capitalize()])


def _behind(keyword: str, arguments: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """An instruction, with other blanks than one space before its arguments, or with the word `--`."""
    blanks = st.sampled_from([" "] * 12 + ["  ", "\t", "\v", " -- "])
    return st.builds("{}{}{}".format, _cased(keyword), blanks, arguments)


CMD = _behind("CMD", ARGUMENT_TEXT)
ENTRYPOINT = _behind("ENTRYPOINT", ARGUMENT_TEXT)
WILD = st.one_of(_behind("CMD", WILD_TEXT), _behind("ENTRYPOINT", WILD_TEXT))
SHELL = st.builds(
    lambda keyword, words: f"{keyword} {json.dumps(words)}",
    _cased("SHELL"),
    st.one_of(
        st.sampled_from([["/bin/bash", "-c"], ["bash", "-o", "pipefail", "-c"], ["ls"], [""]]),
        st.lists(PROGRAMS, min_size=1, max_size=2),
    ),
)
NO_CMD = st.sampled_from(["CMD", "CMD []", "cmd \t"])
"""A CMD without words; the builders differ on whether it counts as set."""

CLEARED = st.sampled_from(['ENTRYPOINT [""]', "ENTRYPOINT []"])
"""The two ways in which people try to remove an inherited entrypoint."""

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
        "HEALTHCHECK --interval=5s CMD a b",
        "USER 0",
        "",
        '# CMD ["/x"]',
        "   # ENTRYPOINT x",
    ]
)
"""Instructions and comments that do not change what runs."""

TRIGGERS = st.builds(
    "{}{}{}".format,
    _cased("ONBUILD"),
    st.sampled_from([" ", "  ", "\t"]),
    st.one_of(CMD, ENTRYPOINT, CMD, ENTRYPOINT, SHELL, st.just("LABEL a=b"), st.just("CMD c:\\dir\\x")),
)
"""A trigger: an instruction that runs in builds on the image."""

CMD_TRIGGERS = st.builds("ONBUILD {}".format, CMD)
"""A CMD trigger: of several, the last takes effect, so that their order shows."""

LINES = st.one_of(CMD, ENTRYPOINT, CMD, ENTRYPOINT, SHELL, OTHER, TRIGGERS)
"""A line of a stage."""

BAD_TRIGGERS = st.sampled_from(
    [
        "ONBUILD CMD --x a",
        "ONBUILD NOPE",
        "ONBUILD SHELL x",
        "ONBUILD # x",
        "ONBUILD -- CMD a",
        "ONBUILD LABEL",
        "ONBUILD HEALTHCHECK x",
    ]
)
"""A trigger that is stored without a check, and refused in the build on the image."""

WRONG_LINES = st.one_of(
    st.builds("{} {}".format, st.sampled_from(["CMD", "ENTRYPOINT", "SHELL", "RUN"]), NOT_STRINGS),
    st.sampled_from(["CMD --x a", 'ENTRYPOINT --x=1 ["/a"]', 'SHELL --x ["/a"]', "CMD --x"]),
    st.sampled_from(["NOPE", "CMDS x", "ENTRYPOINT: x", '"CMD" x']),
    st.sampled_from(["SHELL", "SHELL []", "SHELL /bin/bash -c", "SHELL ['/a']"]),
    st.sampled_from(["ONBUILD", "ONBUILD FROM probe", "onbuild onbuild CMD x", "ONBUILD MAINTAINER x"]),
    st.sampled_from(["ONBUILD --x CMD a", 'ONBUILD CMD ["a", 1]', "RUN --nope x", "HEALTHCHECK", "LABEL"]),
    st.sampled_from(['HEALTHCHECK CMD ["/a", 1]', "HEALTHCHECK NONE x", "HEALTHCHECK CMD", "HEALTHCHECK x"]),
    st.sampled_from(["VOLUME [1]", "COPY a", "USER", "ENV X", "EXPOSE", "CMD --à x", 'CMD --"a b" x']),
    st.sampled_from(["RUN --mount=x a", "RUN --mount=type=tmpfs,target a", "RUN --mount= a"]),
    st.builds("CMD {}".format, DEEP),
    *[ARGUMENTS] * 6,
)
"""A line that is refused, or whose arguments are checked."""
