"""Words as people type them: programs, arguments, and the text of a shell form."""

import json
from typing import Final

from hypothesis import strategies as st

from cmdpoint.oracle.case import Words
from cmdpoint.oracle.images import probe

# An argv cannot have a NUL, and a text cannot have a surrogate.
_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")

PROGRAMS = st.sampled_from([f"/{name}" for name in probe.AT_ROOT] + list(probe.ON_PATH))
"""The name of a program of the probe image."""

_PATHS: Final = (
    "/etc/nginx/nginx.conf",
    "./a b/c",
    "../x",
    "~/.ssh/id",
    "/",
    "//x",
    "C:\\Program Files\\x",
    "a/",
    "/tmp/*",
)

_URLS: Final = (
    "http://localhost:8080/",
    "https://me:p%20w@example.org/a?x=1&y=2#f",
    "redis://[::1]:6379/0",
    "s3://b/k=v",
)

_TEMPLATES: Final = (
    "%d-%m-%Y",
    "100%",
    "%(x)s",
    "{{.ID}}",
    "{{json .}}",
    "${X:-d}",
    "$(id -u)",
    "$((1+2))",
    "`id`",
    "{a,b}",
)

_QUOTED: Final = (
    "it's",
    '"a b"',
    "'a b'",
    "“a”",
    "‘a’",
    '\\"',
    "a\\",
    "'\"'\"'",
    '""',
    "''",
    "a'b\"c",
    "«x»",
)

_JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["", "a b", 'a"b', "é"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=4,
).map(json.dumps)

_UNUSUAL: Final = (
    "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "e\u0301",
    "\u202eabc",
    "\ufeffx",
    "日本",
    "ﬀ",
    "İ",
    "K",
    "\x7f",
)

_BLANKS: Final = (" ", "  a", "a  ", "\ta", "a\t", "\n", "a\nb", "a\r\n", "\u2003a", "\xa0", "daemon off;")

_LIKE_DOCKERS: Final = (
    "--rm",
    "-it",
    "--entrypoint",
    "--entrypoint=/x",
    "-e",
    "-eA=b",
    "--name=",
    "--help",
    "--version",
    "--",
    "-",
)

_GLOBS: Final = ("*", "*.log", "[a-z]?", "**/x", "!x", "#x", "&&", "|", ">x", ";", "&", "(x)", "<<EOF")

_SHORT: Final = (
    "x",
    "y",
    "-g",
    "-c",
    "",
    " ",
    "$HOME",
    "a b",
    "'",
    '"',
    "\\",
    "[]",
    "[",
    "]",
    "=",
    "==",
    "a=",
    "=b",
    "A=b=c",
)

_KINDS: Final[tuple[Words, ...]] = (_SHORT, _PATHS, _URLS, _TEMPLATES, _QUOTED, _UNUSUAL, _BLANKS, _GLOBS)

TYPED: Final[Words] = (
    *(word for kind in (*_KINDS, _LIKE_DOCKERS) for word in kind),
    *(
        "--config=/etc/x.conf",
        "-Dkey=a b",
        "--x-y=",
        "A=https://example.org/?a=b",
        '{"a": ["b", 1]}',
        "[1, null]",
    ),
    "x",
)
"""Words of every kind; the last one does not continue a line."""

_VALUES: Final = st.one_of(*map(st.sampled_from, _KINDS), _JSON)

_OPTIONS: Final = st.builds(
    "{}{}{}".format,
    st.sampled_from(["--config", "-p", "--x-y", "-Dkey", "A", "--", "-", "key"]),
    st.sampled_from(["=", "=", "=", ":", "", " "]),
    _VALUES,
)

ARGUMENTS = st.one_of(
    st.sampled_from(_SHORT),
    _VALUES,
    _OPTIONS,
    st.sampled_from(_LIKE_DOCKERS),
    st.text(_CHARACTERS, max_size=6),
    PROGRAMS,
)
"""Any word as an argument, rarely the name of a program."""


def argument_lists(usual: int = 3, *, min_size: int = 0) -> st.SearchStrategy[list[str]]:
    """Lists of arguments, mostly short; one in four has any length up to 40 words.

    Args:
        usual: The maximum length of a short list.
        min_size: The minimum length of a list.
    """
    short = st.lists(ARGUMENTS, min_size=min_size, max_size=usual)
    # Without a fixed length, Hypothesis draws about five elements, however many a list can have.
    long = st.integers(min_size, 40).flatmap(lambda size: st.lists(ARGUMENTS, min_size=size, max_size=size))
    return st.integers(0, 3).flatmap(lambda die: long if die == 3 else short)


COMMANDS: st.SearchStrategy[Words] = st.builds(
    lambda program, arguments: (program, *arguments), PROGRAMS, argument_lists()
)
"""A program and its arguments."""

WORDS: st.SearchStrategy[Words] = st.one_of(
    COMMANDS, argument_lists(min_size=1).map(tuple), st.just(("",)), st.just(())
)
"""Any list of words."""


def _is_plain(text: str) -> bool:
    # Flags (`--x`) and continued lines are generated elsewhere, in `commands` and `layout`.
    return not text.startswith("--") and text.rstrip()[-1:] not in ("\\", "`") and bool(text.strip())


_COMMAND_LINES: Final = st.sampled_from(
    [
        *('echo "Hello, World!"', "/a", "exec top -b", "a && b | c", "# none", "['a']", "a  b", "$X"),
        *("cat <<EOF", "c:\\dir", "a\tb", "-x", "\udcff", "é \udc85 x", '"--x"', "echo \u2003."),
        *(
            'FOO=bar exec nginx -g "daemon off;"',
            'set -e; . /etc/profile; exec "$@"',
            "java -Dk=v -jar /app.jar",
        ),
        *(
            "echo $((1+2)) `id -u` $(date +%s) > /tmp/x 2>&1",
            "npm run start -- --port=$PORT # x",
            "[ -f x ] && y",
        ),
        *(
            "tail -f /dev/null & wait $!",
            "printf '%s\\n' \"it's\" | tee -a /x",
            "{ a; b; } || exit 1",
            "! true",
        ),
        *(
            "gunicorn app:app --bind=0.0.0.0:${PORT:-80}",
            "sh -c \"a 'b c' \\$d\"",
            "while :; do sleep 1; done",
        ),
    ]
)


def is_on_a_line(word: str) -> bool:
    """Whether a word can be in a line of a Dockerfile."""
    return "\n" not in word and "\r" not in word


_ON_A_LINE: Final = st.one_of(PROGRAMS, _VALUES, _OPTIONS, st.sampled_from(_LIKE_DOCKERS)).filter(
    is_on_a_line
)

TEXTS = st.one_of(
    _COMMAND_LINES,
    st.lists(_ON_A_LINE, min_size=1, max_size=5).map(" ".join),
    st.integers(1, 40).flatmap(lambda size: st.lists(_ON_A_LINE, min_size=size, max_size=size)).map(" ".join),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\n\r"), min_size=1, max_size=12),
).filter(lambda text: is_on_a_line(text) and _is_plain(text))
"""The text of a shell form, on one line."""
