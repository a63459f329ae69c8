"""The built-in base image `probe`: no Entrypoint, no Cmd, PATH set, and one program under many names.

The program writes its argv and exits. It stands at every path a spec example or a strategy runs, `/bin/sh`
among them, so that a shell form shows its exact argv and no generated text is ever executed by a shell.
"""

from typing import Final

NAME: Final = "probe"
"""What a FROM calls the image."""

PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""The image's PATH."""

ON_PATH: Final = (
    *("a", "b", "c", "d", "e", "f", "p", "q", "r", "t", "x", "y", "z"),
    *("ash", "bash", "cat", "cmd", "dash", "echo", "env", "false", "ls", "my entrypoint", "nginx", "npm"),
    *("entrypoint.sh", "node", "powershell", "printf", "python", "sh", "sleep", "tini", "top", "true", "zsh"),
)
"""The names found through PATH; each stands in /bin."""

AT_ROOT: Final = ("a", "b", "c", "e", "x", "app", "probe", "entrypoint.sh", "run me", "é")
"""The names in /."""

PROGRAMS: Final = frozenset([f"/bin/{name}" for name in ON_PATH] + [f"/{name}" for name in AT_ROOT])
"""The absolute path of every program in the image."""
