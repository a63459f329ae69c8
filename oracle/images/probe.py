"""The built-in base image `probe`: no Entrypoint, no Cmd, PATH set, and one program under many names.

The program writes its argv and exits with 0. It is at every path that a spec example or a strategy runs,
`/bin/sh` among them, so that a shell form shows its exact argv and no shell ever executes generated text.
Other files are there for each way in which starting a program can fail.
"""

from collections.abc import Mapping
from typing import Final

from cmdpoint.oracle.case import Setting
from cmdpoint.oracle.files import File, Files

NAME: Final = "probe"
"""The image's name in FROM."""

PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""The image's PATH."""

SETTING: Final = Setting(env=(("PATH", PATH),))
"""The image's environment, working folder and user."""

ON_PATH: Final = (
    *("a", "b", "c", "d", "e", "f", "p", "q", "r", "t", "x", "y", "z"),
    *("ash", "bash", "cat", "cmd", "dash", "echo", "env", "false", "ls", "my entrypoint", "nginx", "npm"),
    *("entrypoint.sh", "node", "powershell", "printf", "python", "sh", "sleep", "tini", "top", "true", "zsh"),
)
"""The names found through PATH, each in /bin."""

AT_ROOT: Final = ("a", "b", "c", "e", "x", "app", "probe", "entrypoint.sh", "run me", "é")
"""The names in /."""

_PROGRAM: Final = File("program")

_EMPTY: Final = File("text", executable=False)

OTHERS: Final[Mapping[str, File]] = {
    "/etc/passwd": File("text", executable=False, text="root:x:0:0::/:\napp:x:1000:1000::/:\n"),
    "/etc/group": File("text", executable=False, text="root:x:0:\nstaff:x:50:\n"),
    "/link": File("link", text="bin/a"),
    "/bin/linked": File("link", text="../work/program"),
    "/work-link": File("link", text="/work"),
    "/dangling": File("link", text="/nowhere/at/all"),
    "/usr/bin/second": File("link", text="/nowhere"),
    "/bin/second": _PROGRAM,
    "/bin/loop": File("link", text="/bin/loop"),
    "/bin/into": File("link", text="/plain/x"),
    "/work/program": _PROGRAM,
    "/bin/later": _PROGRAM,
    "/usr/bin/later": File("program", executable=False),
    "/usr/sbin/later/inside": _EMPTY,
    "/bin/plain": File("program", executable=False),
    "/plain": File("program", executable=False),
    "/bin/private": File("program", private=True),
    "/private": File("program", private=True),
    "/bin/folder/inside": _EMPTY,
    "/bin/text": File("text"),
    "/text": File("text"),
    "/bin/script": File("script", interpreter=("/bin/sh", "-e u")),
    "/script": File("script", interpreter=("/bin/sh",)),
    "/orphan": File("script", interpreter=("/bin/nowhere",)),
    "/carriage": File("script", interpreter=("/bin/sh\r",)),
}
"""The files for the ways in which starting a program can fail."""

FILES: Final[Files] = {
    **{f"/bin/{name}": _PROGRAM for name in ON_PATH},
    **{f"/{name}": _PROGRAM for name in AT_ROOT},
    **OTHERS,
}
"""All files of the image, by absolute path.

The first line of a `script` is `#!` and the interpreter's words; the second is `text`, as is the content of a
`text` that has no other.
"""
