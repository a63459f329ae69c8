"""What ENV, WORKDIR, USER and ARG of a stage leave: where, and as whom, a program is looked for and run."""

import posixpath
from collections.abc import Collection, Iterator, Mapping

from oracle.dockerfile.command import Command
from oracle.dockerfile.instruction import SEPARATOR
from oracle.expand import expand
from oracle.model import Setting


class StageSetting:
    """The setting of a stage while its instructions are applied.

    A word that cannot be read stays as it is: whether the build is refused for it is not followed.
    """

    def __init__(
        self, base: Setting, operators: Collection[str], given: Mapping[str, str], escape: str
    ) -> None:
        """Begin with a base's.

        Args:
            base: Its setting.
            operators: As `expand` takes them.
            given: The build arguments, by name.
            escape: The file's escape character.
        """
        self._env = dict(base.env)
        self._working_dir = base.working_dir
        self._user = base.user
        self._operators = operators
        self._given = given
        self._escape = escape
        self._arguments: dict[str, str] = {}

    @property
    def value(self) -> Setting:
        """The setting so far."""
        return Setting(tuple(self._env.items()), self._working_dir, self._user)

    def apply(self, command: Command) -> None:
        """Apply an ENV, WORKDIR, USER or ARG."""
        text = command.instruction.text
        match command.instruction.keyword:
            case "ENV":
                known = dict(self._env)  # the pairs of one line do not see each other
                self._env |= {name: self._read(value, known) for name, value in _pairs(command)}
            case "ARG":
                for word in command.words:
                    name, assigned, default = word.partition("=")
                    if name in self._given:
                        self._arguments[name] = self._given[name]
                    elif assigned:
                        self._arguments[name] = self._read(default, self._env)
            case "WORKDIR":
                folder = posixpath.join(self._working_dir or "/", self._read(text, self._env))
                self._working_dir = posixpath.normpath(folder)
            case "USER":
                self._user = self._read(text, self._env)

    def _read(self, word: str, env: Mapping[str, str]) -> str:
        read = expand(word, {**self._arguments, **env}, self._operators, self._escape)
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
