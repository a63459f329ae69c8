"""A launch: the words of a container and everything that decides whether they start."""

from dataclasses import dataclass

from cmdpoint.oracle.case import Setting, Words
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.files import ROOT, Files
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
        is_entered: Whether the process is in the working directory; it is in the root otherwise.
    """

    argv: Words
    setting: Setting
    files: Files | None
    dialect: Dialect
    scope: Scope
    is_entered: bool = True

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

    @property
    def current_dir(self) -> str:
        """The directory of the process, where a relative path begins for the kernel."""
        return self.working_dir if self.is_entered else ROOT
