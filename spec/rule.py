"""A rule of the spec."""

from dataclasses import dataclass

from cmdpoint.oracle import Dialect, predict
from cmdpoint.spec.example import Example


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the spec.

    Attributes:
        id: Such as `STATE-2`. Ids never change their meaning.
        title: A short summary.
        chapter: The file name of its chapter.
        line: The line of its heading, from 1.
        statement: The rule, as Markdown.
        sources: Where the rule comes from, as Markdown.
        examples: The examples that show it.
    """

    id: str
    title: str
    chapter: str
    line: int
    statement: str = ""
    sources: str = ""
    examples: tuple[Example, ...] = ()

    @property
    def depends_on_runtime(self) -> bool:
        """Whether the result may depend on the container runtime."""
        return self.id.startswith("EXEC-") or self.id == "CLI-8"

    @property
    def depends_on_builder(self) -> bool:
        """Whether the result may depend on the builder; that of a client, of create and of start does not."""
        return self.chapter[0] not in "678"

    def applies_to(self, dialect: Dialect) -> bool:
        """Whether a dialect applies the rule in at least one of its examples."""
        return any(self.id in predict(example.case, dialect).rules for example in self.examples)
