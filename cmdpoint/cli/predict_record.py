"""One line of `cmdpoint predict`: read a case from JSON, and write a prediction as JSON.

`cmdpoint/schema/` has the JSON Schemas.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cmdpoint.bases.given import Bases
from cmdpoint.bases.result import Result
from cmdpoint.bases.unknown import Unknown
from cmdpoint.oracle.case import Case, ImageConfig
from cmdpoint.oracle.explain.notation import config_lists
from cmdpoint.oracle.interchange import json_values as values
from cmdpoint.oracle.interchange.case import read_case
from cmdpoint.oracle.interchange.json_values import members, of
from cmdpoint.oracle.interchange.outcome import read_config
from cmdpoint.oracle.outcome import Codes, Process, Refusal

SCHEMA: Final = 2
"""The number of the input's and the output's schema. It increases when the meaning of a key changes."""

_HALF: Final = re.compile("[\ud800-\udc7f\udd00-\udfff]")


class Malformed(values.Malformed):
    """A line is not a case.

    Attributes:
        id: The line's `id`, if it could be read.
    """

    def __init__(self, message: str, id_: object = None) -> None:
        super().__init__(message)
        self.id = id_


@dataclass(frozen=True, slots=True)
class Record:
    """The content of a line.

    Attributes:
        id: Any value, which is returned with the answer.
        case: The images, and the request to run the last.
        bases: The configs of base images; None if the line has none.
    """

    id: object
    case: Case
    bases: Mapping[str, ImageConfig] | None


def read(line: str) -> Record:
    """Read a line.

    Raises:
        Malformed: It is not JSON, or does not match the schema.
    """
    try:
        data = json.loads(line, parse_constant=_no_number, parse_float=_finite)
    except RecursionError as error:
        raise Malformed("the line is nested too deep") from error
    except ValueError as error:
        raise Malformed(f"the line is not JSON: {error}") from error
    if not isinstance(data, dict):
        raise Malformed("the line is not a JSON object")
    id_ = data.get("id")
    try:
        _check_schema(data)
        _check_text(data)
        members(data, "the line", ("schema", "id", "images", "bases", "run"))
        bases = _bases(data["bases"]) if "bases" in data else None
        case = read_case({key: data[key] for key in ("images", "run") if key in data}, Bases(bases or {}))
        if not case.images:
            raise Malformed("images is empty; one image is needed to run")
        return Record(id_, case, bases)
    except values.Malformed as error:
        raise Malformed(str(error), id_) from error


def _check_schema(data: Mapping[str, Any]) -> None:
    """Check the schema number of a line, which may be absent."""
    number = of(data.get("schema", SCHEMA), int, "schema")
    if number != SCHEMA:
        raise values.Malformed(
            f"the line has schema {number}, and this version of cmdpoint reads schema {SCHEMA}; "
            "see `cmdpoint predict --schema input`"
        )


def _check_text(data: Mapping[str, Any]) -> None:
    """Check that no text has a lone surrogate, which is no character.

    U+DC80 to U+DCFF represent bytes that are not UTF-8. In the lists of a request, an engine reads a lone
    surrogate as U+FFFD, and so does the oracle.
    """
    run = data.get("run")
    words = (
        {key: run[key] for key in ("docker_run", "podman_run", "docker_py") if key in run}
        if isinstance(run, dict)
        else None
    )
    for name, content in (("images", data.get("images")), ("bases", data.get("bases")), ("run", words)):
        half = _HALF.search(json.dumps(content, ensure_ascii=False))
        if half is not None:
            raise values.Malformed(
                f"{name} contains the lone surrogate U+{ord(half[0]):04X}, which is no character"
            )


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is not a JSON number")


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def answer(record: Record, result: Result, rules: Iterable[str]) -> str:
    """The answer to a line.

    Args:
        record: The line.
        result: Its result.
        rules: The ids of the rules that apply.
    """
    codes = Codes() if isinstance(result.outcome, Unknown) else result.outcome.codes
    content = {
        "config": _config(result.config),
        "outcome": _outcome(result.outcome),
        "codes": {
            "docker_run": codes.run,
            "state": codes.state,
            "create": codes.create,
            "start": codes.start,
        },
        "rules": list(rules),
    }
    return json.dumps({"schema": SCHEMA, "id": record.id, **content})


def error(malformed: Malformed, number: int) -> str:
    """The answer to a malformed line.

    Args:
        malformed: What is wrong with it.
        number: The number of the line in the input, from 1.
    """
    error = {"line": number, "message": str(malformed)}
    return json.dumps({"schema": SCHEMA, "id": malformed.id, "error": error})


def _config(config: ImageConfig | Unknown | None) -> dict[str, Any] | None:
    if isinstance(config, Unknown):
        return _unknown(config)
    return None if config is None else {key: list(words) for key, words in config_lists(config).items()}


def _outcome(outcome: Process | Refusal | Unknown) -> dict[str, Any]:
    if isinstance(outcome, Unknown):
        return _unknown(outcome)
    if isinstance(outcome, Process):
        return {"process": {"argv": list(outcome.argv)}}
    image = {} if outcome.image is None else {"image": outcome.image}
    content = {"phase": outcome.phase, "kind": outcome.kind, "message": outcome.message, "line": outcome.line}
    return {"refusal": {**content, **image}}


def _unknown(value: Unknown) -> dict[str, Any]:
    return {"unknown": {"needs": [{"name": base.name, "keys": list(base.keys)} for base in value.needs]}}


def _bases(data: object) -> dict[str, ImageConfig]:
    bases = of(data, dict, "bases")
    return {name: read_config(config, f"the base {name}") for name, config in bases.items()}
