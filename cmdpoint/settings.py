"""The settings of a project: `cmdpoint.toml`, or `[tool.cmdpoint]` in `pyproject.toml`.

They have the dialects that matter, the build context, the configs of base images, and the problems to ignore:

    dialects = ["docker", "podman-5.4.2"]
    context = "{}"                            # as for --context

    [bases]
    "registry.example/base:1" = { Entrypoint = ["/entry.sh"] }
    "postgres:17" = "bases/postgres.json"     # as for --base NAME=@FILE

    [[ignore]]
    rule = "EXEC-22"
    paths = ["legacy/*"]                      # * matches / too; by default, all files
    reason = "their images have an init process"
"""

import difflib
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from cmdpoint.bases.faults import BadBase
from cmdpoint.bases.formats import UnreadableConfig, read_path
from cmdpoint.bases.given import NamedConfigs, given_config, read_config
from cmdpoint.checks.problem import COMMENT
from cmdpoint.cli.context import DOCKERFILE_FOLDER
from cmdpoint.cli.faults import BadSettings
from cmdpoint.engines.faults import Fault
from cmdpoint.oracle.case import ImageConfig
from cmdpoint.oracle.dockerfile.reference import is_reference
from cmdpoint.spec.titles import titles

FILE: Final = "cmdpoint.toml"


@dataclass(frozen=True, slots=True)
class Ignore:
    """Problems to ignore.

    Attributes:
        rule: The id of their rule.
        paths: Patterns of files, from the folder of the settings; `*` matches any characters.
        reason: The reason.
    """

    rule: str
    paths: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a project.

    Attributes:
        name: The name of the file.
        folder: The folder of the file; patterns and paths in it start there.
        dialects: The names of the dialects that matter; empty for the default.
        context: The folder of the build context, as `Contexts` takes it; None if it is not set.
        bases: The configs of base images.
        ignores: The problems to ignore.
    """

    name: str = FILE
    folder: Path = Path()
    dialects: tuple[str, ...] = ()
    context: str | None = None
    bases: NamedConfigs = field(default_factory=lambda: NamedConfigs({}))
    ignores: tuple[Ignore, ...] = ()

    def reason(self, file: str, rule: str) -> str | None:
        """The reason to ignore a problem of a rule in a file; None if it is not ignored."""
        path = Path(file).absolute()
        folder = self.folder.absolute()
        name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()
        for ignore in self.ignores:
            if ignore.rule == rule and any(fnmatchcase(name, pattern) for pattern in ignore.paths):
                return ignore.reason
        return None


def find_settings(name: str | None = None) -> Settings:
    """The settings of a file, or of the current folder or the nearest one above that has any.

    Args:
        name: The path of a file; None to search for one.

    Raises:
        BadSettings: There is no such file, or it is malformed.
    """
    if name is not None:
        return _read(Path(name), required=True) or Settings()
    try:
        here = Path.cwd()
    except FileNotFoundError:  # the current folder was removed
        return Settings()
    for folder in (here, *here.parents):
        for file in (folder / FILE, folder / "pyproject.toml"):
            if file.is_file() and (found := _read(file, required=file.name == FILE)) is not None:
                return found
        if (folder / ".git").exists():
            break
    return Settings()


def _read(path: Path, *, required: bool) -> Settings | None:
    """The settings in a file; None for a `pyproject.toml` without any."""
    try:
        data: Any = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        if not required and not isinstance(error, OSError):
            return None  # another tool reports a malformed pyproject.toml
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise BadSettings(f"{path} cannot be read", why, "correct it, or name another --config") from error
    if path.name == "pyproject.toml":
        tool = data.get("tool")
        data = tool.get("cmdpoint") if isinstance(tool, dict) else None
        if data is None:
            return None
    return _Reader(path).settings(data)


_KEYS: Final = ("dialects", "context", "bases", "ignore")
_IGNORE_KEYS: Final = ("rule", "paths", "reason")


class _Reader:
    """Checks the values of a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def settings(self, data: object) -> Settings:
        table = self._table(data, "the settings", _KEYS)
        return Settings(
            name=self._path.name,
            folder=self._path.parent,
            dialects=self._strings(table.get("dialects", []), "dialects"),
            context=self._context(table.get("context")),
            bases=self._bases(table.get("bases", {})),
            ignores=tuple(self._ignore(each) for each in self._list(table.get("ignore", []), "ignore")),
        )

    def _context(self, data: object) -> str | None:
        if data is None:
            return None
        if not isinstance(data, str) or not data:
            raise self._bad("context is not the path of a folder", 'write context = "."')
        if data.startswith(DOCKERFILE_FOLDER):
            return data
        folder = os.path.relpath(self._path.parent / data)
        if DOCKERFILE_FOLDER not in data and not Path(folder).is_dir():
            raise self._bad(
                f"there is no folder {data}", "write the path of the build context from this file"
            )
        return folder

    def _bases(self, data: object) -> NamedConfigs:
        configs: dict[str, ImageConfig] = {}
        for name, value in self._table(data, "bases").items():
            if not is_reference(name):
                raise self._bad(f"no image can be called {name!r}", "correct the name in bases")
            try:
                what = f"the config of {name}"
                configs[name] = (
                    read_config(read_path(self._path.parent / value), what)
                    if isinstance(value, str)
                    else given_config(value, what)
                )
            except (UnreadableConfig, OSError, BadBase) as error:
                why = error.why if isinstance(error, Fault) else str(error)
                if isinstance(error, OSError):
                    why = f"{value} cannot be read: {error.strerror or error}"
                raise self._bad(
                    f"the config of {name}: {why}", "give a table, or the path of a file"
                ) from error
        return NamedConfigs(configs)

    def _ignore(self, data: object) -> Ignore:
        table = self._table(data, "ignore", _IGNORE_KEYS)
        texts = {key: table.get(key) for key in ("rule", "reason")}
        for key, text in texts.items():
            if not isinstance(text, str) or not text.strip():
                raise self._bad(f"an ignore has no {key}", f'write {key} = "..."')
        rule = str(texts["rule"])
        if rule not in (known := [*titles(), COMMENT]):
            near = difflib.get_close_matches(rule.upper(), known, 1)
            remedy = f"the nearest rule is {near[0]}" if near else "write the id of a rule, such as FORM-2"
            raise self._bad(f"there is no rule {rule!r} to ignore", remedy)
        paths = self._strings(table.get("paths", ["*"]), "paths")
        return Ignore(rule, paths, str(texts["reason"]))

    def _table(self, data: object, what: str, keys: Sequence[str] = ()) -> Mapping[str, Any]:
        if not isinstance(data, dict):
            raise self._bad(f"{what} is not a table", "see `cmdpoint check --help`")
        for key in data:
            if keys and key not in keys:
                near = difflib.get_close_matches(key, keys, 1)
                remedy = f"the nearest key is {near[0]}" if near else f"the keys are {', '.join(keys)}"
                raise self._bad(f"there is no key {key}", remedy)
        return data

    def _list(self, data: object, what: str) -> list[object]:
        if not isinstance(data, list):
            raise self._bad(f"{what} is not a list", f"write [[{what}]] above each")
        return data

    def _strings(self, data: object, what: str) -> tuple[str, ...]:
        if not isinstance(data, list) or not all(isinstance(each, str) for each in data):
            raise self._bad(f"{what} is not a list of strings", f'write {what} = ["..."]')
        return tuple(data)

    def _bad(self, why: str, remedy: str) -> BadSettings:
        return BadSettings(f"{self._path} cannot be used", why, remedy)
