"""Store what a command computed in the user's cache folder, under a digest of all that it depends on.

A report takes many thousands of predictions. They stay the same until the oracle, the specification or the
observations change. Then the digest changes too, so a stored result is never an old one.
"""

import os
import pickle
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeVar, cast

from cmdpoint.engines.cache import cache_folder

T = TypeVar("T")

FILES_RETAINED: Final = 6
"""The maximum number of stored results."""

_PACKAGE: Final = Path(__file__).parents[1]

_CODE: Final = ("oracle", "spec", "observations", "report")
"""The folders of the package that decide a result."""

_ENDINGS: Final = (".py", ".toml", ".md")


def stored(name: str, inputs: Iterable[Path], compute: Callable[[], T]) -> tuple[T, bool]:
    """Return a result that is stored, or compute and store it.

    Args:
        name: What is computed.
        inputs: The files that the result depends on, besides the code of cmdpoint.
        compute: Computes the result, which can be pickled.

    Returns:
        The result, and whether it was stored. If the cache or an input cannot be read or written, the result
        is computed.
    """
    try:
        path = cache_folder() / "results" / f"{name}-{_digest(inputs)}.pickle"
    except OSError:
        return compute(), False
    # A file that cannot be unpickled raises almost any exception, and is computed again. Only the user
    # writes to this folder, which also has the engines that cmdpoint executes.
    with suppress(Exception):
        result = cast("T", pickle.loads(path.read_bytes()))
        with suppress(OSError):
            path.touch()
        return result, True
    result = compute()
    with suppress(OSError):
        _store(path, pickle.dumps(result, pickle.HIGHEST_PROTOCOL))
    return result, False


def _digest(inputs: Iterable[Path]) -> str:
    """The digest of the Python version, the code and the inputs.

    Raises:
        OSError: A file cannot be read, or can be read only once, or the code is not in files.
    """
    # Each folder itself may be a symbolic link, which `rglob` does not follow below it.
    code = [
        file
        for folder in _CODE
        for file in sorted((_PACKAGE / folder).resolve().rglob("*"))
        if file.suffix in _ENDINGS
    ]
    if not code:
        raise FileNotFoundError(f"{_PACKAGE} has no files")
    digest = sha256(sys.version.encode())
    for file in (*code, *inputs):
        if not file.is_file():
            raise FileNotFoundError(f"{file} is no regular file")
        content = file.read_bytes()
        digest.update(f"{file.name} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()[:32]


def _store(path: Path, content: bytes) -> None:
    """Write a file at once, and remove those that were not used for the longest time."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = path.with_suffix(f".{os.getpid()}")
    written.write_bytes(content)
    written.replace(path)
    files = sorted(path.parent.glob("*.pickle"), key=lambda each: each.stat().st_mtime, reverse=True)
    for old in files[FILES_RETAINED:]:
        old.unlink(missing_ok=True)
