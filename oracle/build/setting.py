"""What ENV, WORKDIR, USER and ARG of a stage leave: where, and as whom, a program is looked for and run."""

import posixpath
from collections.abc import Iterator, Mapping

from cmdpoint.oracle.build.variables import expand
from cmdpoint.oracle.case import Setting
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.commands import Command
from cmdpoint.oracle.dockerfile.go_strings import SEPARATOR


class StageSetting:
    """The setting of a stage while its instructions are applied.

    A word that cannot be read stays as it is: whether the build is refused for it is not followed.
    """

    def __init__(self, base: Setting, dialect: Dialect, given: Mapping[str, str], escape: str) -> None:
        """Begin with a base's.

        Args:
            base: Its setting.
            dialect: Whose builder applies the instructions.
            given: The build arguments, by name.
            escape: The file's escape character.
        """
        self._env = dict(base.env)
        self._working_dir = base.working_dir
        self._user = base.user
        self._dialect = dialect
        self._given = given
        self._escape = escape
        self._known = dict(base.env)

    @property
    def value(self) -> Setting:
        """The setting so far."""
        return Setting(tuple(self._env.items()), self._working_dir, self._user)

    def apply(self, command: Command) -> None:
        """Apply an ENV, WORKDIR, USER or ARG."""
        text = command.instruction.text
        match command.instruction.keyword:
            case "ENV":
                # The pairs of one line do not see each other.
                pairs = {name: self._read(value) for name, value in _pairs(command)}
                self._env |= pairs
                self._known |= pairs
            case "ARG":
                for word in command.words:
                    self._argument(*word.partition("="))
            case "WORKDIR":
                self._working_dir = self._folder(self._read(text))
            case "USER":
                self._user = self._read(text)

    def _argument(self, name: str, assigned: str, default: str) -> None:
        if name in self._env and self._dialect.arg_and_env == "ENV wins":
            return
        if name in self._given:
            self._known[name] = self._given[name]
        elif assigned:
            self._known[name] = self._read(default)

    def _folder(self, path: str) -> str:
        """The working folder that a path leads to from the present one."""
        if self._dialect.workdir_path == "cleaned" or not path.startswith("/"):
            return posixpath.normpath(posixpath.join(self._working_dir or "/", path))
        if self._dialect.workdir_path == "without a slash" and path != "/":
            return path.removesuffix("/")
        return path

    def _read(self, word: str) -> str:
        read = expand(word, self._known, self._dialect, self._escape)
        return word if read is None else read


def _pairs(command: Command) -> Iterator[tuple[str, str]]:
    """The names and values of an ENV, in either of its two forms."""
    if command.words and "=" not in command.words[0]:
        name, _, value = SEPARATOR.sub(" ", command.instruction.text, count=1).partition(" ")
        yield name, value
        return
    for word in command.words:
        name, _, value = word.partition("=")
        yield name, value
