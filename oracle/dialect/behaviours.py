"""What each behaviour means, and which rules of the specification describe it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Behaviour:
    """A behaviour.

    Attributes:
        name: The field of a dialect that has its value.
        meaning: What it decides and what its values mean, in a sentence or two.
        rules: The ids of the rules that describe it, the most important one first.
        subject: What a change from one value to another is about, without the values; by default the meaning.
    """

    name: str
    meaning: str
    rules: tuple[str, ...]
    subject: str


@cache
def behaviours() -> Mapping[str, Behaviour]:
    """Every behaviour by its name, in the order of `behaviours.toml`."""
    text = files("cmdpoint.oracle.dialect").joinpath("behaviours.toml").read_text("utf-8")
    found = {}
    for name, entry in tomllib.loads(text)["behaviour"].items():
        meaning = " ".join(entry["meaning"].split())
        subject = f"{entry['subject']}:" if "subject" in entry else meaning
        found[name] = Behaviour(name, meaning, tuple(entry["rules"]), subject)
    return found
