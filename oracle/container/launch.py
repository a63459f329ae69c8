"""A launch: the words of a container and everything that decides whether they start."""

from dataclasses import dataclass

from cmdpoint.oracle.case import Setting, Words
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.files import Files
from cmdpoint.oracle.trace import Scope


@dataclass(frozen=True, slots=True)
class Launch:
    """What the runtime, or an init process, starts.

    Attributes:
        argv: The words that create fixed; at least one.
        setting: The environment, the working directory and the user.
        files: The files of the image; None if they are not known.
        dialect: The dialect of the engine and its runtime.
        scope: Receives the steps.
    """

    argv: Words
    setting: Setting
    files: Files | None
    dialect: Dialect
    scope: Scope

    @property
    def name(self) -> str:
        """The program's name: the first word."""
        return self.argv[0]

    @property
    def path(self) -> str | None:
        """The value of PATH; None if the container has no such variable."""
        return dict(self.setting.env).get("PATH")

    @property
    def working_dir(self) -> str:
        """The working directory."""
        return self.setting.working_dir or "/"
