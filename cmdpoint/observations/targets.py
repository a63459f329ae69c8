"""The names of targets, such as `docker-28.5.2/classic/crun`: engine, builder, and another runtime if any."""

from collections.abc import Iterable

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.spec.rule import Rule


def has_other_runtime(target: str) -> bool:
    """Whether the target uses another runtime than the engine's default."""
    return target.count("/") > 1


def on_any_builder(target: str, others: Iterable[str]) -> list[str]:
    """The targets of some others with the engine and the runtime of a target.

    Args:
        target: The name of the target.
        others: Names of targets.
    """
    return [each for each in others if _without_builder(each) == _without_builder(target)]


def _without_builder(target: str) -> list[str]:
    engine, _, *runtime = target.split("/")
    return [engine, *runtime]


def concerns(rule: Rule, target: str, dialect: Dialect) -> bool:
    """Whether a rule must be tested on a target.

    The rule must apply to the dialect. With another runtime, it must also depend on the runtime, because
    everything else is the same as with the default runtime.

    Args:
        rule: The rule.
        target: The name of the target.
        dialect: The dialect of the target.
    """
    return rule.applies_to(dialect) and (rule.depends_on_runtime or not has_other_runtime(target))
