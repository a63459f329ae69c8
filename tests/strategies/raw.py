"""Texts that no person would write: instructions, JSON and bytes in any order."""

from hypothesis import strategies as st

from cmdpoint.oracle.case import Image

# RUN and COPY would do something; LABEL, ENV and their like have a syntax of their own, which no command
# hangs on; any other name behind FROM would be looked for in a registry.
_PIECES = st.sampled_from(
    [
        *("CMD", "ENTRYPOINT", "SHELL", "ONBUILD", "cmd", "FROM probe\n", "FROM scratch AS one\n", "FROM\n"),
        *("HEALTHCHECK", "NOPE", "ONBUILD RUN", "AS", "#", "# escape=`", "# check=skip=all\n", "--", "--x"),
        *(
            '["a"]',
            '["a", "x"]',
            "[]",
            '[""]',
            "[1]",
            '["a',
            '"',
            "[",
            "]",
            ",",
            "'",
            "a",
            "x=1",
            "$X",
            "<<EOF",
        ),
        *("\\", "`", "\\\n", "`\n", "\\ \n", "\\\\\n", "\n", "\n", "\n", "\n\n", "\r\n", "\r", "EOF\n"),
        *(
            " ",
            " ",
            " ",
            "\t",
            "\v",
            "\f",
            "\xa0",
            "\x85",
            "\u2003",
            "\ufeff",
            "\x01",
            "\udcff",
            "\udc85",
            "é",
        ),
    ]
)

_TOPS = st.sampled_from(["FROM probe\n"] * 6 + ["", "# escape=`\nFROM probe\n", "\ufeffFROM probe\r\n"])
"""A FROM that is in order; without it hardly a text would be accepted."""

_HEADS = st.sampled_from(["CMD ", "ENTRYPOINT ", "ONBUILD ", "SHELL ", ""])


@st.composite
def raw_images(draw: st.DrawFn) -> tuple[Image, ...]:
    """One image, of a text of pieces."""
    text = draw(_TOPS)
    if text:
        text += draw(_HEADS)
    return (Image("image", text + "".join(draw(st.lists(_PIECES, max_size=14)))),)
