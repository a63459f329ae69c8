"""What is predicted or seen as JSON, and back: a config, a process or a refusal, and their numbers.

Of a refusal the words are left out: they are each engine's own, and nothing is compared with them.
"""

from dataclasses import astuple, fields
from typing import Any, Final, cast, get_args

from cmdpoint.oracle.case import ImageConfig
from cmdpoint.oracle.explain.notation import config_lists
from cmdpoint.oracle.interchange.values import Malformed, members, of, one_of, words
from cmdpoint.oracle.outcome import Codes, Outcome, Process, Refusal
from cmdpoint.oracle.refusals import Kind, Phase

KEYS: Final = ("Entrypoint", "Cmd", "Shell", "OnBuild")
"""The keys of a config, as Docker writes them."""

_CODES: Final = tuple(each.name for each in fields(Codes))


def config_data(config: ImageConfig) -> dict[str, list[str]]:
    """The keys of a config that are not empty."""
    return {key: list(held) for key, held in config_lists(config).items() if held}


def read_config(data: object, what: str = "the config") -> ImageConfig:
    """The config of a JSON object, whose keys may be null or missing.

    Args:
        data: The object.
        what: What to call it.

    Raises:
        Malformed: It is of another form.
    """
    config = members(data, what, KEYS)
    entrypoint, cmd, shell, on_build = (words(config.get(key) or [], f"{key} of {what}") for key in KEYS)
    return ImageConfig(entrypoint, cmd, shell, on_build)


def seen_data(seen: Outcome | ImageConfig) -> dict[str, Any]:
    """What was seen, as a JSON object with one of the keys `config`, `process` and `refusal`."""
    if isinstance(seen, ImageConfig):
        return {"config": config_data(seen)}
    numbers = zip(_CODES, astuple(seen.codes), strict=True)
    codes = {name: number for name, number in numbers if number is not None}
    told = {"codes": codes} if codes else {}
    if isinstance(seen, Process):
        return {"process": {"argv": list(seen.argv)}, **told}
    where = {"line": seen.line, "image": seen.image}
    named = {key: value for key, value in where.items() if value is not None}
    return {"refusal": {"phase": seen.phase, "kind": seen.kind, **named}, **told}


def read_seen(data: object) -> Outcome | ImageConfig:
    """What was seen, of a JSON object.

    Raises:
        Malformed: It is of another form.
    """
    seen = members(data, "seen", ("config", "process", "refusal", "codes"))
    if len(seen.keys() - {"codes"}) != 1:
        raise Malformed("seen has not one of config, process and refusal")
    if "config" in seen:
        members(seen, "seen with a config", ("config",))
        return read_config(seen["config"])
    numbers = members(seen.get("codes", {}), "codes", _CODES)
    codes = Codes(**{name: of(number, int, f"the code {name}") for name, number in numbers.items()})
    if "process" in seen:
        process = members(seen["process"], "process", ("argv",))
        return Process(words(process.get("argv"), "argv"), codes)
    refusal = members(seen["refusal"], "refusal", ("phase", "kind", "line", "image"))
    phase = cast("Phase", one_of(refusal.get("phase"), get_args(Phase), "the phase"))
    kind = cast("Kind", one_of(refusal.get("kind"), get_args(Kind), "the kind"))
    line = of(refusal["line"], int, "the line") if "line" in refusal else None
    image = of(refusal["image"], str, "the image") if "image" in refusal else None
    return Refusal(phase, kind, "", line, image, codes)
