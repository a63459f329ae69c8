"""The JSON form of a result: a config, or a process or a refusal with its codes.

The message of a refusal is left out: its wording differs between engines, and it is not compared.
"""

from dataclasses import astuple, fields
from typing import Any, Final, cast, get_args

from cmdpoint.oracle.case import ImageConfig
from cmdpoint.oracle.explain.notation import config_lists
from cmdpoint.oracle.interchange.json_values import Malformed, members, of, one_of, words
from cmdpoint.oracle.outcome import Codes, Outcome, Process, Refusal
from cmdpoint.oracle.refusals import Kind, Phase

KEYS: Final = ("Entrypoint", "Cmd", "Shell", "OnBuild")
"""The keys of a config that decide what runs."""

_CODES: Final = tuple(each.name for each in fields(Codes))


def config_data(config: ImageConfig) -> dict[str, list[str]]:
    """A config as a JSON object, without empty keys."""
    return {key: list(words) for key, words in config_lists(config).items() if words}


def read_config(data: object, what: str = "the config") -> ImageConfig:
    """Read a config from a JSON object, whose keys may be null or missing.

    Args:
        data: The object.
        what: The name of the object in messages.

    Raises:
        Malformed: The object does not have this form.
    """
    config = members(data, what, KEYS)
    entrypoint, cmd, shell, on_build = (words(config.get(key) or [], f"{key} of {what}") for key in KEYS)
    return ImageConfig(entrypoint, cmd, shell, on_build)


def observed_data(observed: Outcome | ImageConfig) -> dict[str, Any]:
    """An observed result as a JSON object with one of the keys `config`, `process` and `refusal`."""
    if isinstance(observed, ImageConfig):
        return {"config": config_data(observed)}
    known = zip(_CODES, astuple(observed.codes), strict=True)
    codes = {name: code for name, code in known if code is not None}
    with_codes = {"codes": codes} if codes else {}
    if isinstance(observed, Process):
        return {"process": {"argv": list(observed.argv)}, **with_codes}
    position = {"line": observed.line, "image": observed.image}
    known_position = {key: value for key, value in position.items() if value is not None}
    return {"refusal": {"phase": observed.phase, "kind": observed.kind, **known_position}, **with_codes}


def read_observed(data: object) -> Outcome | ImageConfig:
    """Read an observed result from a JSON object.

    Raises:
        Malformed: The object does not have this form.
    """
    observed = members(data, "an observed result", ("config", "process", "refusal", "codes"))
    if len(observed.keys() - {"codes"}) != 1:
        raise Malformed("an observed result needs exactly one of config, process and refusal")
    if "config" in observed:
        members(observed, "an observed config", ("config",))
        return read_config(observed["config"])
    numbers = members(observed.get("codes", {}), "codes", _CODES)
    codes = Codes(**{name: of(number, int, f"the code {name}") for name, number in numbers.items()})
    if "process" in observed:
        process = members(observed["process"], "process", ("argv",))
        return Process(words(process.get("argv"), "argv"), codes)
    refusal = members(observed["refusal"], "refusal", ("phase", "kind", "line", "image"))
    phase = cast("Phase", one_of(refusal.get("phase"), get_args(Phase), "the phase"))
    kind = cast("Kind", one_of(refusal.get("kind"), get_args(Kind), "the kind"))
    line = of(refusal["line"], int, "the line") if "line" in refusal else None
    image = of(refusal["image"], str, "the image") if "image" in refusal else None
    return Refusal(phase, kind, "", line, image, codes)
