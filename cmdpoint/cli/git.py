"""Read a file as a git revision has it."""

import subprocess
from pathlib import Path

from cmdpoint.cli.faults import NoDockerfile, NotInstalled, NotText


def read_revision(revision: str, path: str) -> str:
    """Read the text of a file at a revision.

    Args:
        revision: A revision, such as `main` or `HEAD~1`.
        path: The file's path, from the current folder.

    Raises:
        NoDockerfile: There is no such revision, or no such file in it.
        NotInstalled: git is not installed.
        NotText: The file is not UTF-8.
    """
    folder, name = tree_name(revision, path)
    content = git(folder, "show", "--end-of-options", name, what=f"{revision}:{path}")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotText(
            f"{revision}:{path} is not UTF-8", f"byte {error.start + 1} is invalid", "save the file as UTF-8"
        ) from error


def tree_name(revision: str, path: str) -> tuple[str, str]:
    """The folder to run git in, and git's name for what a revision has at a path from the current folder."""
    file = Path(path)
    folder = next((each for each in file.parents if each.is_dir()), Path())
    # `./` makes the path one from the folder, not from the top of the repository.
    return str(folder), f"{revision}:./{file.relative_to(folder).as_posix()}"


def git(folder: str, *words: str, what: str) -> bytes:
    """Run git, and return what it prints.

    Args:
        folder: The folder to run it in.
        words: The command.
        what: What is read, for messages.

    Raises:
        NoDockerfile: git fails.
        NotInstalled: git is not installed.
    """
    try:
        done = subprocess.run(["git", "-C", folder, *words], capture_output=True, check=False)
    except OSError as error:
        raise NotInstalled(
            f"{what} cannot be read", "git is not installed", "install git, or name files"
        ) from error
    if done.returncode != 0:
        why = done.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ")
        raise NoDockerfile(f"{what} cannot be read", why, "name a file, or a revision that has it")
    return done.stdout
