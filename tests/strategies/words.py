"""Words: programs that are there, names of none, arguments, and the text of a shell form."""

from hypothesis import strategies as st

from cmdpoint.oracle.case import Words
from cmdpoint.oracle.images import probe

# NUL cannot stand in an argv, and a surrogate in no text. A slash is left to the names of programs: how a
# path such as `a/../b` is looked up belongs to the chapter on starting, which does not tell of it yet.
_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0/")

PROGRAMS = st.sampled_from([f"/{name}" for name in probe.AT_ROOT] + list(probe.ON_PATH))
"""The name of a program of the probe image."""

ARGUMENTS = st.one_of(
    st.sampled_from(
        ["x", "y", "-g", "daemon off;", "--", "-c", "", " ", "$HOME", "a b", "'", '"', "\\", "[]"]
    ),
    st.text(_CHARACTERS, max_size=6),
    PROGRAMS,
)
"""Any word; seldom a program's name."""

COMMANDS: st.SearchStrategy[Words] = st.builds(
    lambda program, arguments: (program, *arguments), PROGRAMS, st.lists(ARGUMENTS, max_size=3)
)
"""A program and its arguments."""

WORDS: st.SearchStrategy[Words] = st.one_of(
    COMMANDS, st.lists(ARGUMENTS, min_size=1, max_size=3).map(tuple), st.just(("",)), st.just(())
)
"""Any list of words."""


def _is_plain(text: str) -> bool:
    # Flags (`--x`) are a production of their own, and a line that goes on in the next one is the layout's.
    return not text.startswith("--") and text.rstrip()[-1:] not in ("\\", "`") and bool(text.strip())


TEXTS = st.one_of(
    st.sampled_from(
        ['echo "Hello, World!"', "/a", "exec top -b", "a && b | c", "# none", "['a']", "a  b", "$X"]
    ),
    st.sampled_from(["cat <<EOF", "c:\\dir", "a\tb", "-x", "\udcff", "é \udc85 x", '"--x"', "echo \u2003."]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\n\r"), min_size=1, max_size=12),
).filter(_is_plain)
"""The text of a shell form, on one line."""
