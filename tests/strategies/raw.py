"""Random texts: instructions, JSON and bytes in any order."""

from hypothesis import strategies as st

from cmdpoint.oracle.case import Image

# RUN and COPY are left out because they would do something, LABEL and ENV because their syntax does not
# change what runs, and other names after FROM because the engine would search a registry for them.
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
"""Tops with a valid FROM; without one, most texts would be refused."""

_HEADS = st.sampled_from(["CMD ", "ENTRYPOINT ", "ONBUILD ", "SHELL ", ""])


@st.composite
def raw_images(draw: st.DrawFn) -> tuple[Image, ...]:
    """One image, whose Dockerfile is a sequence of such pieces."""
    text = draw(_TOPS)
    if text:
        text += draw(_HEADS)
    return (Image("image", text + "".join(draw(st.lists(_PIECES, max_size=14)))),)
