"""Settings (PATH, working folder, user, init process), and names of programs whose search depends on them."""

from typing import Final

from hypothesis import strategies as st

from cmdpoint.oracle import Image, Request, Words
from cmdpoint.oracle.images import probe

# Not generated: NUL in the name of the program, which engines report in many ways.
PATHS = st.sampled_from(
    [
        *(
            "/work",
            "/work:$PATH",
            "$PATH:/work",
            "/nowhere:/bin",
            "/bin/",
            "//bin//",
            "bin//:/work/",
            "/usr/bin:/usr/sbin:/bin",
            "/",
            "",
        ),
        *(
            ".",
            ":/bin",
            "work",
            "/nowhere:../work:/bin",
            "../bin:/work",
            "/plain:/bin",
            "/bin/a:/bin",
            "${PATH}:.",
        ),
    ]
)
_INDIRECT: Final = [
    "/work-link",
    "/work-link/deeper",
    "/nowhere/../work",
    "/plain/..",
    "/dangling",
    "/dangling/..",
]
"""Folders with links and `..` in their paths."""

_RARE_FOLDERS: Final = ["work", "/plain", *_INDIRECT]
FOLDERS = st.sampled_from(
    [
        *(["/", "/work", "work", "/bin", "/nowhere", "../bin", "/work/..", "/work/deeper/"] * 2),
        *_INDIRECT,
    ]
)
USERS = st.sampled_from(
    [*(["1000", "0", "1000:1000", "1000:0", "0:0"] * 3), "app", "root", ":staff", "app:50", "nobody"]
)

_THERE: Final = [
    *probe.OTHERS,
    "/a",
    "a",
    "sh",
    "/work/../a",
    "//a",
    "bin/a",
    "../bin/sh",
    "/bin/folder/inside",
]
_NOT_THERE: Final = [
    "folder",
    "nope",
    "/nope",
    "/bin/nope",
    "./nope",
    "work/nope",
    "",
    ".",
    "..",
    "/",
    "/bin",
    "/bin/",
]
_FROM_HERE: Final = [
    "./program",
    "work/program",
    "../work/program",
    "./private",
    "../plain",
    "./text",
    "../script",
]
_THROUGH: Final = ["/bin/a/x", "/bin/a/..", "/plain/x", "/work/.", "/bin/folder/x", "program/.", "bin/a/x"]
_LONG: Final = ["/" + "x" * 256, "x" * 256, "./" + "x" * 256, "/" + "x" * 255]
"""Names at the limit of what a component of a path may have."""

_SLASH_AT_END: Final = [
    *("program/", "program//", "./program/", "../work/program/", "/work/program/", "/work/program//"),
    *("script/", "/script/", "text/", "orphan/", "plain/", "private/", "later/", "nope/", "./", "../"),
    *("/bin/a/", "/bin/plain/", "folder/", "/bin/folder/", ".//a//", "bin/script/"),
]

_FORBIDDEN: Final = ["/plain", "plain", "/bin/plain", "/private", "private", "/bin/folder", "../plain"]
"""Folders and programs that may not be executed; frequent, so that init refuses some in each run."""

_SCRIPTS: Final = ["/orphan", "orphan", "/carriage", "/orphan"]
"""Scripts whose interpreter is missing."""

NAMES: st.SearchStrategy[str] = st.sampled_from(
    [
        *_FORBIDDEN,
        *_SCRIPTS,
        *_THERE,
        *(path.rpartition("/")[2] for path in probe.OTHERS),
        *_NOT_THERE,
        *_FROM_HERE,
        *_THROUGH,
        *_LONG,
        *_SLASH_AT_END,
    ]
)
"""Names of programs: existing ones, in every spelling, and missing ones."""


_LINES: Final = st.lists(
    st.one_of(
        PATHS.map("ENV PATH={}".format),
        PATHS.filter(bool).map("ENV PATH {}".format),
        FOLDERS.map("WORKDIR {}".format),
        USERS.map("USER {}".format),
        st.sampled_from(
            ["ENV WHERE=/work X=$WHERE", "ARG WHERE=/bin", "ARG PATH=/work", "WORKDIR $WHERE/.."]
        ),
    ),
    max_size=4,
)

_WORDS: Final = st.lists(st.sampled_from(["x", "", "-c"]), max_size=2)

_ENVIRONMENTS: Final = st.lists(
    PATHS.map("PATH={}".format) | st.sampled_from([*(["PATH", "A=b"] * 4), "=b"]), max_size=2
)

_REQUESTED_FOLDERS: Final = st.sampled_from(
    [*(["", "", "/work", "/bin", "/", "/nowhere"] * 4), *_RARE_FOLDERS]
)

_REQUESTED_USERS: Final = st.sampled_from(
    [*(["", "", "", "1000", "0"] * 4), "app", "nobody", "0:wheel", "4294967296"]
)


@st.composite
def set_images(draw: st.DrawFn) -> Image:
    """An image whose Dockerfile sets the search path, the working folder and the user."""
    return Image("image1", "\n".join(["FROM probe", *draw(_LINES), 'CMD ["/a"]', ""]))


@st.composite
def set_requests(draw: st.DrawFn) -> Request:
    """A request to run some name, which may have the same settings."""
    words: Words = (draw(NAMES), *draw(_WORDS))
    if draw(st.integers(0, 15)) == 0:
        words += ("a\0b",)
    env = draw(_ENVIRONMENTS)
    folder = draw(_REQUESTED_FOLDERS)
    user = draw(_REQUESTED_USERS)
    return Request(words, None, tuple(env), folder, user, init=draw(st.integers(0, 4)) == 0)
