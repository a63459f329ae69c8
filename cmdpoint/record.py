"""One line of `cmdpoint predict`: a case as JSON, or a prediction; `schema/` tells it to machines."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from oracle.model import Case, CommandLine, Image, ImageConfig, Request, Words
from oracle.outcome import Prediction, Process
from oracle.show import config_lists

KEYS: Final = ("Entrypoint", "Cmd", "Shell", "OnBuild")
"""The keys of a config."""


class Malformed(ValueError):
    """A line is no case.

    Attributes:
        id: The line's `id`, as far as it could be read.
    """

    def __init__(self, message: str, id_: object = None) -> None:
        super().__init__(message)
        self.id = id_


@dataclass(frozen=True, slots=True)
class Record:
    """What a line asks.

    Attributes:
        id: Given back with the answer.
        case: The images, and the request to run the last.
        bases: The images that exist besides, or None where there is only `probe`.
    """

    id: object
    case: Case
    bases: Mapping[str, ImageConfig] | None


def read(line: str) -> Record:
    """Read a line.

    Raises:
        Malformed: It is no JSON, or not of the schema.
    """
    try:
        data = json.loads(line)
    except RecursionError as error:
        raise Malformed("the line is nested too deep") from error
    except ValueError as error:
        raise Malformed(f"the line is no JSON: {error}") from error
    if not isinstance(data, dict):
        raise Malformed("the line is no JSON object")
    id_ = data.get("id")
    try:
        _check_keys(data, "the line", {"id", "images", "bases", "run"})
        images = _of(data.get("images"), list, "images")
        if not images:
            raise Malformed("images is empty: there must be one to run")
        case = Case(tuple(map(_image, images)), _request(_of(data.get("run", {}), dict, "run")))
        bases = _bases(_of(data["bases"], dict, "bases")) if "bases" in data else None
        return Record(id_, case, bases)
    except Malformed as error:
        raise Malformed(str(error), id_) from error


def answer(record: Record, prediction: Prediction) -> str:
    """The line that answers a line."""
    config = prediction.config
    lists = None if config is None else {key: list(words) for key, words in config_lists(config).items()}
    rules = list(dict.fromkeys(step.rule for step in prediction.steps))
    outcome = _outcome(prediction)
    codes = prediction.outcome.codes
    numbers = {"docker_run": codes.run, "state": codes.state, "create": codes.create, "start": codes.start}
    return json.dumps(
        {"id": record.id, "config": lists, "outcome": outcome, "codes": numbers, "rules": rules}
    )


def complaint(malformed: Malformed, number: int) -> str:
    """The line that answers a line that is no case.

    Args:
        malformed: What is wrong with it.
        number: Which line of the input it is, from 1.
    """
    return json.dumps({"id": malformed.id, "error": {"line": number, "message": str(malformed)}})


def _outcome(prediction: Prediction) -> dict[str, Any]:
    outcome = prediction.outcome
    if isinstance(outcome, Process):
        return {"process": {"argv": list(outcome.argv)}}
    named = {} if outcome.image is None else {"image": outcome.image}
    told = {"stage": outcome.stage, "kind": outcome.kind, "message": outcome.message, "line": outcome.line}
    return {"refusal": {**told, **named}}


def _image(data: object) -> Image:
    image = _of(data, dict, "an image")
    _check_keys(image, "an image", {"name", "dockerfile", "target", "build_args"})
    name, dockerfile = (_of(image.get(key), str, f"an image's {key}") for key in ("name", "dockerfile"))
    target = None if image.get("target") is None else _of(image["target"], str, "an image's target")
    given = _of(image.get("build_args", {}), dict, "an image's build_args")
    pairs = tuple((key, _of(value, str, f"the build argument {key}")) for key, value in given.items())
    return Image(name, dockerfile, target, pairs)


def _request(data: dict[str, object]) -> Request | CommandLine:
    if "docker_run" in data:
        _check_keys(data, "run with docker_run", {"docker_run"})
        return CommandLine(_words(data["docker_run"], "run.docker_run"))
    _check_keys(data, "run", {"Entrypoint", "Cmd", "Env", "WorkingDir", "User", "HostConfig"})
    for key in ("Entrypoint", "Cmd", "Env"):
        if data.get(key) is not None:
            _words(data[key], f"run.{key}")
    for key in ("WorkingDir", "User"):
        _of(data.get(key, ""), str, f"run.{key}")
    host = _of(data.get("HostConfig", {}), dict, "run.HostConfig")
    _check_keys(host, "run.HostConfig", {"Init"})
    if host.get("Init") is not None:
        _of(host["Init"], bool, "run.HostConfig.Init")
    return Request.of(data)


def _bases(data: dict[str, object]) -> dict[str, ImageConfig]:
    bases = {}
    for name, value in data.items():
        config = _of(value, dict, f"the base {name}")
        _check_keys(config, f"the base {name}", set(KEYS))
        entrypoint, cmd, shell, on_build = (
            _words(config.get(key) or [], f"{key} of the base {name}") for key in KEYS
        )
        bases[name] = ImageConfig(entrypoint, cmd, shell, on_build)
    return bases


def _words(value: object, what: str) -> Words:
    return tuple(_of(word, str, f"a word of {what}") for word in _of(value, list, what))


_TYPES: Final[dict[type[Any], str]] = {
    str: "a string",
    list: "a list",
    dict: "an object",
    bool: "true or false",
}


def _of(value: object, kind: type[Any], what: str) -> Any:
    if not isinstance(value, kind):
        raise Malformed(f"{what} is not {_TYPES[kind]}")
    return value


def _check_keys(data: dict[str, object], what: str, known: set[str]) -> None:
    unknown = sorted(set(data) - known)
    if unknown:
        raise Malformed(f"{what} has the key {unknown[0]!r}; known are {', '.join(sorted(known))}")
