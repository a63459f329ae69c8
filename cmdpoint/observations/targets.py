"""The names of places, such as `docker-28.5.2/classic/crun`: engine, builder, and another runtime if any."""

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.spec.rule import Rule


def has_other_runtime(target: str) -> bool:
    """Whether containers are started by another runtime than the engine would choose."""
    return target.count("/") > 1


def concerns(rule: Rule, target: str, dialect: Dialect) -> bool:
    """Whether a rule is to be put to the test at a place.

    Not where it has no part in how the place works; and with another runtime only where that has a say in it:
    all else is as it is with the engine's own.

    Args:
        rule: The rule.
        target: The place's name.
        dialect: How the place works.
    """
    return rule.applies_to(dialect) and (rule.depends_on_runtime or not has_other_runtime(target))
