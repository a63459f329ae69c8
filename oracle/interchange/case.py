r"""The JSON form of a case: how each image is made, and how the last one is run.

In a Dockerfile, a byte that is not UTF-8 is a surrogate escape in the case, and a `\udcXX` escape in JSON.
"""

import json
from collections.abc import Container, Mapping
from typing import Any, Final

from cmdpoint.oracle.case import (
    BODY_KEYS,
    Case,
    CommandLine,
    Commit,
    ContainerRequest,
    Image,
    Import,
    Load,
    Origin,
    PyCall,
    RawRequest,
    Request,
    Tag,
)
from cmdpoint.oracle.dockerfile.go_strings import fold
from cmdpoint.oracle.images import probe
from cmdpoint.oracle.interchange.json_values import Malformed, members, of, words

_WAYS: Final = ("dockerfile", "commit", "import", "load", "tag")
"""The keys that say how an image is made. Each image has one of them."""

_KEYS: Final = {
    "commit": ("base", "run", "changes"),
    "import": ("changes",),
    "load": ("config",),
    "tag": ("base",),
}
"""The keys that the value of each of these may have; the value of `dockerfile` is a string."""


def case_data(case: Case) -> dict[str, Any]:
    """A case as a JSON object; see `read_case`."""
    images = [_origin_data(origin) for origin in case.images]
    run = _run_data(case.request)
    return {"images": images, **({"run": run} if run else {})}


def read_case(data: object, bases: Container[str] = ()) -> Case:
    """Read a case from a JSON object.

    Args:
        data: The object, with `images`, and `run` unless the request is empty.
        bases: The names of other images that exist besides `probe`.

    Raises:
        Malformed: The object does not have this form, or an image is made from one that does not exist.
    """
    case = members(data, "the case", ("images", "run"))
    images: list[Origin] = []
    for each in of(case.get("images"), list, "images"):
        images.append(image := _read_origin(each))
        known = {other.name for other in images[:-1]} | {probe.NAME}
        if isinstance(image, Commit | Tag) and image.base not in known and image.base not in bases:
            raise Malformed(f"{image.name} is made from {image.base!r}, but no earlier image has that name")
    return Case(tuple(images), _read_run(case.get("run", {})))


def _origin_data(origin: Origin) -> dict[str, Any]:
    name = {"name": origin.name}
    match origin:
        case Image():
            data: dict[str, Any] = {**name, "dockerfile": origin.dockerfile}
            data |= {} if origin.target is None else {"target": origin.target}
            return data | ({"build_args": dict(origin.build_args)} if origin.build_args else {})
        case Commit():
            run = {"run": body} if (body := origin.request.body()) else {}
            return {**name, "commit": {"base": origin.base, **run, **_changes_data(origin)}}
        case Import():
            return {**name, "import": _changes_data(origin)}
        case Load():
            return {**name, "load": {"config": origin.config}}
        case Tag():
            return {**name, "tag": {"base": origin.base}}


def _changes_data(origin: Commit | Import) -> dict[str, Any]:
    return {"changes": list(origin.changes)} if origin.changes else {}


def _read_origin(data: object) -> Origin:
    image = of(data, dict, "an image")
    ways = [key for key in _WAYS if key in image]
    if len(ways) != 1:
        found = f"several of {', '.join(ways)}" if ways else f"none of {', '.join(_WAYS)}"
        raise Malformed(f"an image has {found}")
    (way,) = ways
    more = ("target", "build_args") if way == "dockerfile" else ()
    members(image, "an image", ("name", way, *more))
    name = of(image.get("name"), str, "an image's name")
    if way == "dockerfile":
        return _read_image(name, image)
    how = members(image[way], f"an image's {way}", _KEYS[way])
    match way:
        case "commit":
            base, request = _base(how, way), _read_request(how.get("run", {}))
            return Commit(name, base, request, words(how.get("changes", []), "a commit's changes"))
        case "import":
            return Import(name, words(how.get("changes", []), "an import's changes"))
        case "load":
            return Load(name, _read_saved(how.get("config")))
    return Tag(name, _base(how, way))


def _read_image(name: str, image: Mapping[str, Any]) -> Image:
    dockerfile = of(image["dockerfile"], str, "an image's dockerfile")
    target = None if image.get("target") is None else of(image["target"], str, "an image's target")
    given = of(image.get("build_args", {}), dict, "an image's build_args")
    pairs = tuple((key, of(value, str, f"the build argument {key}")) for key, value in given.items())
    return Image(name, dockerfile, target, pairs)


def _base(how: Mapping[str, Any], way: str) -> str:
    return str(of(how.get("base"), str, f"the base of a {way}"))


def _read_saved(value: object) -> str:
    """Read the config of a saved image: a text that must be a JSON object."""
    text = str(of(value, str, "the config of a load"))
    try:
        config = json.loads(text)
    except (RecursionError, ValueError) as error:
        raise Malformed("the config of a load is not JSON, or nests too deep") from error
    of(config, dict, "the config of a load")
    return text


def _run_data(request: ContainerRequest) -> dict[str, Any]:
    match request:
        case CommandLine():
            return {"podman_run" if request.local else "docker_run": list(request.words)}
        case PyCall():
            given = {"command": request.command, "entrypoint": request.entrypoint}
            call = {key: value for key, value in given.items() if value is not None}
            return {"docker_py": {k: v if isinstance(v, str) else list(v) for k, v in call.items()}}
        case Request() | RawRequest():
            return request.body()


def _read_run(data: object) -> ContainerRequest:
    run = of(data, dict, "run")
    for key in ("docker_run", "podman_run"):
        if key in run:
            members(run, f"run with {key}", (key,))
            return CommandLine(words(run[key], f"run.{key}"), local=key == "podman_run")
    if "docker_py" in run:
        members(run, "run with docker_py", ("docker_py",))
        call = members(run["docker_py"], "run.docker_py", ("command", "entrypoint"))
        command, entrypoint = (
            value if value is None or isinstance(value, str) else words(value, f"run.docker_py.{key}")
            for key, value in ((key, call.get(key)) for key in ("command", "entrypoint"))
        )
        return PyCall(command, entrypoint)
    return read_request(run)


def read_request(data: object) -> Request | RawRequest:
    """Read the JSON body of a create request, whose values may be of any type.

    Raises:
        Malformed: It is not an object, or has a key that decides nothing about the process.
    """
    body = of(data, dict, "run")
    if _is_plain(body):
        return Request.of(body)
    unknown = [key for key in body if fold(key) not in _FOLDED]
    if unknown:
        raise Malformed(f"run has the key {unknown[0]!r}; known are {', '.join(sorted(BODY_KEYS))}")
    return RawRequest(json.dumps(body))


def _read_request(data: object) -> Request:
    request = read_request(data)
    if isinstance(request, RawRequest):
        raise Malformed("the run of a commit has a key or a value that a create request cannot have")
    return request


def _is_plain(body: Mapping[str, Any]) -> bool:
    """Whether a `Request` can express a body: its keys are written as usual, and its types are right."""
    if not body.keys() <= set(BODY_KEYS):
        return False
    lists = [body[key] for key in ("Entrypoint", "Cmd", "Env") if body.get(key) is not None]
    host = body.get("HostConfig", {})
    return (
        all(isinstance(words, list) and all(isinstance(word, str) for word in words) for words in lists)
        and all(isinstance(body.get(key, ""), str) for key in ("WorkingDir", "User"))
        and isinstance(host, dict)
        and host.keys() <= {"Init"}
        and isinstance(host.get("Init"), bool | None)
    )


_FOLDED: Final = frozenset(map(fold, BODY_KEYS))
