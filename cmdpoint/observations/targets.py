"""The names of targets, such as `docker-28.5.2/classic/crun`: engine, builder, and another runtime if any."""

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.spec.rule import Rule


def has_other_runtime(target: str) -> bool:
    """Whether containers are started by another runtime than the engine would choose."""
    return target.count("/") > 1


def concerns(rule: Rule, target: str, dialect: Dialect) -> bool:
    """Whether a rule is to be tested on a target.

    Not if it does not concern the target; and with another runtime only if it depends on the runtime:
    everything else is the same as with the default runtime.

    Args:
        rule: The rule.
        target: The name of the target.
        dialect: The dialect of the target.
    """
    return rule.applies_to(dialect) and (rule.depends_on_runtime or not has_other_runtime(target))
