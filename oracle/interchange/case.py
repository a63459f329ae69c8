"""A case as JSON, and back: how each image comes to be, and how the last is asked to run.

What UTF-8 cannot hold, such as the surrogate escape of a byte, JSON can: as an escape of its own.
"""

import json
from collections.abc import Container, Mapping
from typing import Any, Final

from cmdpoint.oracle.case import Case, CommandLine, Commit, Image, Import, Load, Origin, PyCall, Request, Tag
from cmdpoint.oracle.images import probe
from cmdpoint.oracle.interchange.values import Malformed, members, of, words

_WAYS: Final = ("dockerfile", "commit", "import", "load", "tag")
"""The keys that say how an image comes to be, one of which each has."""

_KEYS: Final = {
    "commit": ("base", "run", "changes"),
    "import": ("changes",),
    "load": ("config",),
    "tag": ("base",),
}
"""What may be said of each way but the Dockerfile's."""


def case_data(case: Case) -> dict[str, Any]:
    """A case as a JSON object; see `read_case`."""
    images = [_origin_data(origin) for origin in case.images]
    run = _run_data(case.request)
    return {"images": images, **({"run": run} if run else {})}


def read_case(data: object, bases: Container[str] = ()) -> Case:
    """The case of a JSON object.

    Args:
        data: The object, with `images`, and `run` unless the request is to say nothing.
        bases: The names of images that exist besides.

    Raises:
        Malformed: It is of another form, or an image comes of one that does not exist.
    """
    case = members(data, "the case", ("images", "run"))
    images: list[Origin] = []
    for each in of(case.get("images"), list, "images"):
        images.append(image := _read_origin(each))
        named = {other.name for other in images[:-1]} | {probe.NAME}
        if isinstance(image, Commit | Tag) and image.base not in named and image.base not in bases:
            raise Malformed(f"{image.name} comes of {image.base!r}, and no image before it is called so")
    return Case(tuple(images), _read_run(case.get("run", {})))


def _origin_data(origin: Origin) -> dict[str, Any]:
    named = {"name": origin.name}
    match origin:
        case Image():
            data: dict[str, Any] = {**named, "dockerfile": origin.dockerfile}
            data |= {} if origin.target is None else {"target": origin.target}
            return data | ({"build_args": dict(origin.build_args)} if origin.build_args else {})
        case Commit():
            run = {"run": body} if (body := origin.request.body()) else {}
            return {**named, "commit": {"base": origin.base, **run, **_changes_data(origin)}}
        case Import():
            return {**named, "import": _changes_data(origin)}
        case Load():
            return {**named, "load": {"config": origin.config}}
        case Tag():
            return {**named, "tag": {"base": origin.base}}


def _changes_data(origin: Commit | Import) -> dict[str, Any]:
    return {"changes": list(origin.changes)} if origin.changes else {}


def _read_origin(data: object) -> Origin:
    image = of(data, dict, "an image")
    ways = [key for key in _WAYS if key in image]
    if len(ways) != 1:
        told = f"several of {', '.join(ways)}" if ways else f"none of {', '.join(_WAYS)}"
        raise Malformed(f"an image has {told}")
    (way,) = ways
    more = ("target", "build_args") if way == "dockerfile" else ()
    members(image, "an image", ("name", way, *more))
    name = of(image.get("name"), str, "an image's name")
    if way == "dockerfile":
        return _read_image(name, image)
    keys = {
        "commit": ("base", "run", "changes"),
        "import": ("changes",),
        "load": ("config",),
        "tag": ("base",),
    }
    how = members(image[way], f"an image's {way}", keys[way])
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
    """The config that an image was saved with: text, which an object has to stand in."""
    text = str(of(value, str, "the config of a load"))
    try:
        config = json.loads(text)
    except (RecursionError, ValueError) as error:
        raise Malformed("the config of a load is no JSON, or nested too deep") from error
    of(config, dict, "the config of a load")
    return text


def _run_data(request: Request | CommandLine | PyCall) -> dict[str, Any]:
    match request:
        case CommandLine():
            return {"docker_run": list(request.words)}
        case PyCall():
            given = {"command": request.command, "entrypoint": request.entrypoint}
            told = {key: value for key, value in given.items() if value is not None}
            return {"docker_py": {k: v if isinstance(v, str) else list(v) for k, v in told.items()}}
    return request.body()


def _read_run(data: object) -> Request | CommandLine | PyCall:
    run = of(data, dict, "run")
    if "docker_run" in run:
        members(run, "run with docker_run", ("docker_run",))
        return CommandLine(words(run["docker_run"], "run.docker_run"))
    if "docker_py" in run:
        members(run, "run with docker_py", ("docker_py",))
        call = members(run["docker_py"], "run.docker_py", ("command", "entrypoint"))
        command, entrypoint = (
            value if value is None or isinstance(value, str) else words(value, f"run.docker_py.{key}")
            for key, value in ((key, call.get(key)) for key in ("command", "entrypoint"))
        )
        return PyCall(command, entrypoint)
    return _read_request(run)


def _read_request(data: object) -> Request:
    body = members(data, "run", ("Entrypoint", "Cmd", "Env", "WorkingDir", "User", "HostConfig"))
    for key in ("Entrypoint", "Cmd", "Env"):
        if body.get(key) is not None:
            words(body[key], f"run.{key}")
    for key in ("WorkingDir", "User"):
        of(body.get(key, ""), str, f"run.{key}")
    host = members(body.get("HostConfig", {}), "run.HostConfig", ("Init",))
    if host.get("Init") is not None:
        of(host["Init"], bool, "run.HostConfig.Init")
    return Request.of(body)
