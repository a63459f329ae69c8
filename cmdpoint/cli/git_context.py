"""Read the files of a build context as a git revision has them."""

import posixpath
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cmdpoint.cli.context import IGNORE_FILES, MOST_FILES, Context, sent_mode
from cmdpoint.cli.git import git, tree_name
from cmdpoint.cli.ignored import Ignored
from cmdpoint.oracle.files import ROOT, UNKNOWN, File
from cmdpoint.oracle.first_bytes import FIRST_BYTES, file_of

_LFS: Final = b"version https://git-lfs.github.com/spec/"
"""How a file begins that stands for one that git does not have."""

Entry = tuple[str, str, str]
"""The mode, the object and the path of a file or folder, as `git ls-tree` prints them."""


def read_revision_context(revision: str, folder: str, dockerfile: str) -> Context:
    """Read a build context as a revision has it; see `read_context`.

    Args:
        revision: A revision, such as `main`.
        folder: The path of the context, from the current folder.
        dockerfile: The path of the Dockerfile.

    Raises:
        NoDockerfile: There is no such revision, or no such folder in it.
        NotInstalled: git is not installed.
    """
    at, name = tree_name(revision, folder)
    listed = git(at, "ls-tree", "-r", "-t", "-z", "--end-of-options", name, what=f"{revision}:{folder}")
    entries = [_entry(line) for line in listed.decode("utf-8", "surrogateescape").split("\0") if line]
    if len(entries) >= MOST_FILES:
        return Context(None, f"{revision}:{folder} has more than {MOST_FILES} files")
    inside = posixpath.relpath(Path(dockerfile).as_posix(), Path(folder).as_posix())
    names = {*IGNORE_FILES, *(inside + name for name in IGNORE_FILES)}
    if inside.startswith("../"):
        return Context(None, f"{dockerfile} is outside of {folder}, and may have an ignore file of its own")
    first = dict(zip(entries, _contents(at, entries, names), strict=True))
    try:
        ignored = Ignored(first[each].decode("utf-8") for each in entries if each[2] in names)
    except UnicodeDecodeError:
        return Context(None, "a file such as .dockerignore is not UTF-8")
    files = [(ROOT, File("folder"))]
    for entry in entries:
        path = posixpath.join(ROOT, entry[2])
        files.append((path, UNKNOWN if ignored.may_match(path) else _file(entry[0], first[entry])))
    return Context(tuple(files))


def _entry(line: str) -> Entry:
    description, _, path = line.partition("\t")
    mode, _, object_ = description.split(" ")
    return mode, object_, path


def _contents(at: str, entries: list[Entry], whole: set[str]) -> Iterator[bytes]:
    """Yield the first bytes of each entry; all bytes of those with a path in `whole`."""
    with tempfile.TemporaryFile() as objects:
        objects.write("".join(f"{object_}\n" for _, object_, _ in entries).encode())
        objects.seek(0)
        with subprocess.Popen(
            ["git", "-C", at, "cat-file", "--batch"], stdin=objects, stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            for _, _, path in entries:
                *_, size = process.stdout.readline().split()
                if not size.isdigit():  # `missing`, such as a submodule
                    yield b""
                    continue
                content = process.stdout.read(int(size))
                process.stdout.read(1)
                yield content if path in whole else content[:FIRST_BYTES]


def _file(mode: str, first: bytes) -> File:
    """A file with a mode of git, by its first bytes; a submodule is `unknown`."""
    match mode:
        case "040000":
            return File("folder")
        case "120000":
            return File("link", text=first.decode("utf-8", "surrogateescape"))
        case "100644" | "100755" if not first.startswith(_LFS):
            return file_of(first, sent_mode(int(mode, 8)))
    return UNKNOWN
