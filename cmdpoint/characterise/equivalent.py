"""Values of a behaviour that no case can distinguish on a target, because of other behaviours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cmdpoint.characterise.parameters import Parameter
from cmdpoint.oracle.dialect.dialect import Dialect


@dataclass(frozen=True, slots=True)
class Equivalence:
    """Values of a behaviour that do the same wherever other behaviours have some values.

    Attributes:
        behaviour: The behaviour.
        values: The values.
        where: The other behaviours, each with the values that make this so.
        why: Why no case distinguishes the values, as a clause.
    """

    behaviour: str
    values: tuple[Any, ...]
    where: Mapping[str, tuple[Any, ...]]
    why: str

    def holds(self, dialect: Dialect) -> bool:
        """Whether the other behaviours have such values in a dialect."""
        return all(getattr(dialect, name) in values for name, values in self.where.items())


EQUIVALENCES: Final = (
    Equivalence(
        "sent_entrypoint",
        ("as it is", "read as the option"),
        {
            "entrypoint_option": ("one word",),
            "empty_entrypoint_option": ("one empty word",),
            "empty_entrypoint_list": ("no entrypoint",),
        },
        "--entrypoint takes its value as one word, so reading a list of one word changes nothing",
    ),
    Equivalence(
        "stage_name_case",
        ("as written", "unchanged"),
        {"front_end": ("docker",)},
        "Docker's parser always converts the name behind AS to lower case",
    ),
    Equivalence(
        "duplicate_stage_names",
        ("the last one counts", "the first is the target"),
        {"front_end": ("docker",)},
        "Docker finds the target as it finds a base",
    ),
    Equivalence(
        "duplicate_stage_names",
        ("the last one counts", "refused"),
        {"front_end": ("imagebuilder",)},
        "Buildah refuses no name",
    ),
    Equivalence(
        "stage_numbers",
        ("none", "of unnamed stages"),
        {"front_end": ("imagebuilder",)},
        "a stage without a name has its number as its name",
    ),
    Equivalence(
        "string_for_list",
        ("one word", "one word in Shell"),
        {"saved_string": ("one word in Shell",)},
        "no image with another string can be loaded",
    ),
    Equivalence(
        "name_in_message",
        ("quoted", "as it is"),
        {"missing_program": ("by the words",)},
        "the daemon does not look for the name of the program",
    ),
    Equivalence(
        "image_ports",
        ("read with a network", "not read"),
        {},
        "no case has a network",
    ),
    Equivalence(
        "workdir_path",
        ("as written", "without a slash"),
        {"path_style": ("cleaned", "joined", "absolute")},
        "the runtime drops a slash at the end of the folder",
    ),
    Equivalence(
        "empty_path_element",
        ("root folder", "working folder, also alone"),
        {},
        "the way in which a path is joined decides between them",
    ),
    Equivalence(
        "empty_path_element",
        ("working folder", "working folder, also alone", "root folder"),
        {"relative_path": ("skipped",)},
        "the runtime skips relative folders",
    ),
)
"""Every equivalence that is known. A test compares the predictions of all experiments."""


def equivalence(parameter: Parameter, dialect: Dialect, value: Any) -> Equivalence | None:
    """Why no case can distinguish another value of a parameter from that of a dialect; None if one may.

    Args:
        parameter: The parameter.
        dialect: The dialect.
        value: The other value.
    """
    pair = {parameter.value(dialect), value}
    return next(
        (
            each
            for each in EQUIVALENCES
            if each.behaviour == parameter.behaviour and pair <= set(each.values) and each.holds(dialect)
        ),
        None,
    )
