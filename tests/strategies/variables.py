"""Variables in FROM, and the ARGs that declare them, in every form on which builders or versions differ."""

from cmdpoint.oracle.case import Image

_BASES = (
    *("${X:?}", "${X?}", "${X:-nope}", "${X:+probe}", "${NONE:-${Y:-probe}}", "${NONE:+x}probe"),
    *(
        "${NONE:?}",
        "${NONE?}",
        "${X+probe}",
        "${NONE+x}probe",
        "${NONE-probe}",
        "${X-nope}",
        "${X=1}",
        "${X:=1}",
    ),
    *(
        "${X%none}",
        "${X#none}",
        "${X:%x}",
        "${X##*}probe",
        "${X%%*}probe",
        "${X%%\\}}",
        "${X#\\a}",
        "${X//none/y}",
    ),
    *("${X/*/probe}", "${X/none}", "${NONE:-\\}}", '${NONE:-"probe"}', "${NONE:-'probe'}", '"$X"', "'$X'"),
    *("\\probe", "${}", "${:x}", "${X", "$", "$-probe", "${1}probe", "$1x", "probe$", "$X$Y", "${é:-probe}"),
    *("${TARGETOS:+probe}", "${TARGETOSVERSION-probe}", "${TARGETSTAGE:+probe}", "${BUILDVARIANT:-probe}"),
)
"""Arguments of FROM, where X is `probe`. No pattern depends on the length of a name, because the harness
renames images; and no `?` has a message, because old engines report only that message."""

_ARGUMENTS = (
    ("ARG X=probe\nARG X", "$X"),
    ("ARG X", "${X?}"),
    ("ARG X", "${X-probe}"),
    ("ARG A=probe B=$A", "$B"),
    ("ARG A=probe\nARG B=$A", "$B"),
    ("ARG B=${A", "probe"),
    ("ARG B=${A", "${B:-probe}"),
    ('ARG "X"=probe', "$X"),
    ('ARG "X=probe"', "$X"),
    ('ARG "X', "probe"),
    ("ARG $TARGETOS=probe", "$linux"),
    ("ARG TARGETOS", "${TARGETOS:+probe}"),
    ("ARG TARGETOS=", "${TARGETOS:-probe}"),
    ("ARG X=probe!", "${X%!}"),
    ("ARG X=a", "${X/a/probe}"),
    ("ARG X=aa", "${X//a/}probe"),
    ("ARG X=!probe", "${X#?}"),
    ("# no ARG", "--platform=$X probe"),
    ("# no ARG", "--platform=$TARGETPLATFORM probe"),
    ("ARG X=amd64", "--platform=$X probe"),
    ("ARG X=pdp11", "--platform=$X $Y"),
)
"""Lines above FROM, and an argument of FROM that shows their result."""

_GIVEN = (
    ("ARG B=${A", "probe", "B"),
    ("ARG X", "${X-nope}", "X"),
    ("ARG TARGETOS", "$TARGETOS", "TARGETOS"),
    ("# no ARG", "$TARGETOS", "TARGETOS"),
    ("# no ARG", "$HTTP_PROXY", "HTTP_PROXY"),
    ("# no ARG", "$X", "X"),
    ("# no ARG", "probe", "TARGETPLATFORM"),
)
"""The same, with the name for `--build-arg`."""

_STAGES = (
    ("FROM probe AS one\nCMD b\nFROM $NONE\n", "one"),
    ("FROM probe AS one\nCMD b\nFROM ${NONE\n", "one"),
    ("FROM probe AS one\nCMD b\nFROM $NONE\n", None),
    ("FROM nope AS one\nCMD b\nFROM $NONE\n", None),
    ("FROM probe AS one\nCMD b\nFROM $NONE\n", "two"),
    ("FROM probe AS one\nFROM probe AS one\nFROM $NONE\n", None),
    ("ARG B=${A\nFROM probe AS one\nCMD b\n", "two"),
    ("FROM probe AS one\nFROM ${TARGETSTAGE#one}probe AS two\nCMD b\n", "one"),
    ("FROM probe AS one\nFROM ${TARGETSTAGE#two}probe AS TWO\nCMD b\n", "TWO"),
    ("FROM ${TARGETSTAGE#default}probe\nCMD b\n", None),
)
"""Files with several mistakes, or with one in a stage that the target does not need, and the target."""


def variable_images() -> list[Image]:
    """An image for each form."""
    above = [("ARG X=probe", base) for base in _BASES] + list(_ARGUMENTS)
    images = [Image("image1", f"{lines}\nFROM {base}\nCMD a\n") for lines, base in above]
    images += [
        Image("image1", f"{lines}\nFROM {base}\nCMD a\n", build_args=((name, "probe"),))
        for lines, base, name in _GIVEN
    ]
    return images + [Image("image1", text, target) for text, target in _STAGES]
