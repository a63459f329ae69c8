"""The environment, working folder, user and ports that ENV, WORKDIR, USER, ARG and EXPOSE of a stage set."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import replace

from cmdpoint.oracle.build.platforms import target_arguments
from cmdpoint.oracle.build.variables import expand, expand_to_words
from cmdpoint.oracle.case import Setting
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.commands import Command
from cmdpoint.oracle.dockerfile.go_strings import SEPARATOR
from cmdpoint.oracle.files import cleaned


class Environment:
    """What a program of the stage finds, while the stage's instructions are applied.

    A word that the builder cannot read stays as written; `oracle.build.words` refuses it where its value is
    certain.

    Attributes:
        variables: The variables that a word of the next instruction may use.
        arguments: The variables that ARGs of the stage declare, with their values.
        working_dir: The working folder.
    """

    def __init__(
        self,
        base: Setting,
        dialect: Dialect,
        given: Mapping[str, str],
        escape: str,
        defaults: Mapping[str, str],
    ) -> None:
        """Begin with that of a base.

        Args:
            base: The base's setting.
            dialect: How the builder behaves.
            given: The build arguments, by name.
            escape: The file's escape character.
            defaults: The values of the ARGs before the first FROM, for an ARG without a default.
        """
        self._base = base
        self._env = list(base.env)
        self.working_dir = base.working_dir
        self._user = base.user
        self._ports = base.ports
        self._dialect = dialect
        self._given = given
        self._escape = escape
        self._defaults = defaults
        self.variables = dict(base.env)
        self.arguments: dict[str, str] = {}

    @property
    def setting(self) -> Setting:
        """The setting that the image gets."""
        return replace(
            self._base, env=tuple(self._env), working_dir=self.working_dir, user=self._user, ports=self._ports
        )

    def apply(self, command: Command) -> None:
        """Apply an ENV, WORKDIR, USER, ARG or EXPOSE."""
        text = command.instruction.text
        match command.instruction.keyword:
            case "ENV":
                # The pairs of one instruction do not see each other.
                values = {self._expanded(name): self._expanded(value) for name, value in pairs(command)}
                for each in values.items():
                    self._set(*each)
                self.variables |= values
            case "ARG":
                for word in command.words:
                    self._argument(*word.partition("="))
            case "WORKDIR":
                self.working_dir = self.folder(text)
            case "USER":
                self._user = self._expanded(text)
            case "EXPOSE" if self._dialect.exposed_ports == "any text":
                self._expose(command)

    def _set(self, name: str, value: str) -> None:
        """Set a variable of the image. The saved config of a loaded image may have it twice (LOAD-1).

        Source: moby/buildkit, `dockerfile2llb/convert.go:addEnv`; moby/moby,
        `builder/dockerfile/dispatchers.go:dispatchEnv`; openshift/imagebuilder, `internals.go:mergeEnv`.
        """
        if self._dialect.repeated_variables == "the last one":
            self._env = list(dict(self._env).items())
        names = [each for each, _ in self._env]
        at = names.index(name) if name in names else len(names)
        self._env[at : at + 1] = [(name, value)]

    def _expose(self, command: Command) -> None:
        """Add ports, except those that an instruction above has, with any protocol.

        Source: openshift/imagebuilder, `dispatchers.go:expose`.
        """
        before = dict(self._ports)
        for word in command.instruction.words:
            for text in expand_to_words(word, self.variables, self._dialect, self._escape) or ():
                port, slash, protocol = text.partition("/")
                pair = port, protocol.partition("/")[0] if slash else "tcp"
                if port not in before and pair not in self._ports:
                    self._ports += (pair,)

    def _argument(self, name: str, assigned: str, default: str) -> None:
        if name in self._given:
            self.arguments[name] = self._given[name]
        elif assigned:
            self.arguments[name] = self._expanded(default)
        elif name in self._defaults:
            self.arguments[name] = self._defaults[name]
        if name in dict(self._env) and self._dialect.arg_and_env == "ENV wins":
            return
        if name == "TARGETPLATFORM" and self._dialect.predefined_default == "counts as a platform":
            self.variables |= (target_arguments(self._expanded(default)) if assigned else None) or {}
        if name in self.arguments:
            self.variables[name] = self.arguments[name]

    def folder(self, text: str) -> str:
        """The working folder that the text of a WORKDIR leads to from the present one."""
        path = self._expanded(text)
        if self._dialect.workdir_path == "cleaned" or not path.startswith("/"):
            return cleaned(posixpath.join(self.working_dir or "/", path))
        if self._dialect.workdir_path == "without a slash" and path != "/":
            return path.removesuffix("/")
        return path

    def _expanded(self, word: str) -> str:
        expanded = expand(word, self.variables, self._dialect, self._escape)
        return word if expanded is None else expanded


def pairs(command: Command) -> Iterator[tuple[str, str]]:
    """The names and values of an ENV or LABEL, in either of its two forms."""
    if command.words and "=" not in command.words[0]:
        name, _, value = SEPARATOR.sub(" ", command.instruction.text, count=1).partition(" ")
        yield name, value
        return
    for word in command.words:
        name, _, value = word.partition("=")
        yield name, value
