"""What FROM says to Docker's builders: a base, a platform and a name (STATE-14, STATE-16, STATE-35)."""

from collections.abc import Mapping
from dataclasses import dataclass

from cmdpoint.oracle.build.platforms import check_platform
from cmdpoint.oracle.build.stage import Stage
from cmdpoint.oracle.build.triggers import refuse_words
from cmdpoint.oracle.build.variables import expand
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.reference import can_name_image
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.trace import Scope


@dataclass(frozen=True, slots=True)
class FromLine:
    """The FROM of a stage.

    Attributes:
        stage: The stage.
        values: The variables of the ARGs before the first FROM.
        escape: The file's escape character.
        dialect: How the builder behaves.
        scope: Takes the steps.
    """

    stage: Stage
    values: Mapping[str, str]
    escape: str
    dialect: Dialect
    scope: Scope

    def base(self) -> str | Refusal:
        """The base once its variables are replaced, or the refusal where that is not possible (STATE-16)."""
        if self.stage.has_plain_base:
            return self.stage.base
        written, line = self.stage.base, self.stage.line
        name = expand(written, self.values, self.dialect, self.escape)
        note = "its variables are the ARGs before the first FROM"
        self.scope.note("STATE-16", "base", written, name, note)
        if name is None:
            return Refusal("build", "bad-syntax", f"the variables of {written!r} cannot be replaced", line)
        if name == "":
            return Refusal("build", "blank-base-name", f"{written!r} is empty once it is replaced", line)
        return name

    def wrong_platform(self) -> Refusal | None:
        """The refusal of a platform that is none once its variables are replaced (STATE-35)."""
        written = self.stage.platform
        wrong = check_platform(written, self.values, self.escape, self.dialect) if written else None
        return wrong and refuse_words(wrong, self.scope)

    def wrong_name(self) -> Refusal | None:
        """The refusal of a name that no image can have: BuildKit looks for a build context (STATE-14).

        Source: moby/buildkit, `frontend/dockerui/config.go:NamedContext`.
        """
        name, line = self.stage.name, self.stage.line
        if name is None or self.dialect.stage_names != "a name, and an image's":
            return None
        if can_name_image(name, self.dialect):
            return None
        self.scope.note("STATE-14", "build", note="refused")
        return Refusal("build", "bad-stage-name", f"no image can be called {name!r}", line)
