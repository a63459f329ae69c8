"""The built-in base image `probe`: no Entrypoint, no Cmd, PATH set, and one program under many names.

The program writes its argv and exits with 0. It stands at every path a spec example or a strategy runs,
`/bin/sh` among them, so that a shell form shows its exact argv and no generated text is ever executed by a
shell. Besides, there is something for every way in which starting a program can fail.
"""

from collections.abc import Mapping
from typing import Final

from cmdpoint.oracle.case import Setting
from cmdpoint.oracle.files import File, Files

NAME: Final = "probe"
"""What a FROM calls the image."""

PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""The image's PATH."""

SETTING: Final = Setting(env=(("PATH", PATH),))
"""What the image says of where a program is looked for, and as whom it is run."""

ON_PATH: Final = (
    *("a", "b", "c", "d", "e", "f", "p", "q", "r", "t", "x", "y", "z"),
    *("ash", "bash", "cat", "cmd", "dash", "echo", "env", "false", "ls", "my entrypoint", "nginx", "npm"),
    *("entrypoint.sh", "node", "powershell", "printf", "python", "sh", "sleep", "tini", "top", "true", "zsh"),
)
"""The names found through PATH; each stands in /bin."""

AT_ROOT: Final = ("a", "b", "c", "e", "x", "app", "probe", "entrypoint.sh", "run me", "é")
"""The names in /."""

_PROGRAM: Final = File("program")

_EMPTY: Final = File("text", executable=False)

OTHERS: Final[Mapping[str, File]] = {
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
"""What is for the ways in which starting a program can fail."""

FILES: Final[Files] = {
    **{f"/bin/{name}": _PROGRAM for name in ON_PATH},
    **{f"/{name}": _PROGRAM for name in AT_ROOT},
    **OTHERS,
}
"""Everything in the image, by its absolute path.

Of a `script`, the first line is `#!` and the interpreter's words; the second is `text`.
"""
