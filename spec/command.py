"""The command of an example: the image it makes, and the request it sends."""

import ast
import json
import re
import shlex
from typing import Final

from cmdpoint.oracle.case import Chain, CommandLine, Commit, ContainerRequest, Import, Load, PyCall, Request
from cmdpoint.oracle.interchange.case import read_request

RESULT: Final = "made"
"""The name of the image that a command makes."""

_WITHOUT_REQUEST = ("inspect", "build", "commit", "import", "load")


def images_made_by(command: str, base: str) -> Chain:
    """The image that the command of an example makes, as a chain of at most one.

    Args:
        command: `docker commit [--change X]... $(docker create [--entrypoint X] IMAGE [ARG]...)`,
            `docker import [--change X]... FILES`, `docker load {JSON}`,
            `docker run $(docker load {JSON}) [ARG]...`, or a command that makes no image.
        base: The image that `IMAGE` stands for.
    """
    loaded = re.fullmatch(r"docker (?:load |run \$\(docker load )(\{.*?\})(?:\).*)?", command)
    if loaded is not None:
        return (Load(RESULT, loaded[1]),)
    commit = re.fullmatch(r"docker commit (.*)\$\(docker create (.*)\)", command)
    if commit is not None:
        options, words = map(shlex.split, commit.groups())
        at = words.index("IMAGE")
        request = Request(tuple(words[1:at]) or None, tuple(words[at + 1 :]) or None)
        return (Commit(RESULT, base, request, tuple(options[1::2])),)
    if command.startswith("docker import "):
        options = shlex.split(command)[2:-1]
        return (Import(RESULT, tuple(options[1::2])),)
    return ()


def request_of(command: str) -> ContainerRequest:
    """The request that the command of an example sends to create a container.

    Args:
        command: `docker run [OPTION...] IMAGE [ARG...]`, quoted as for a shell; `docker create` with the same
            words; `podman run` for Podman's own client, which creates the container itself;
            `POST /containers/create {JSON}`; docker-py's `client.containers.create(...)`; or a `docker`
            command that creates no container, for which the request is empty.

    Raises:
        ValueError: The command is none of these.
    """
    if command.startswith("POST /containers/create "):
        return read_request(json.loads(command.removeprefix("POST /containers/create ")))
    if command.startswith("client.containers.create("):
        return _docker_py_call(command)
    program, verb, *words = shlex.split(re.sub(r"\$\(docker load .*?\}\)", "IMAGE", command))
    if program == "docker" and verb in _WITHOUT_REQUEST:
        return Request()
    if (program, verb) not in (("docker", "run"), ("podman", "run"), ("docker", "create")):
        raise ValueError(f"unknown command in an example: {command}")
    return CommandLine(tuple(words), local=program == "podman")


def _docker_py_call(text: str) -> PyCall:
    """A call of docker-py's `create`, with its arguments as literals; the image is left out."""
    call = ast.parse(text, mode="eval").body
    assert isinstance(call, ast.Call)
    arguments = dict(zip(("image", "command"), call.args, strict=False))
    arguments |= {str(keyword.arg): keyword.value for keyword in call.keywords}
    del arguments["image"]
    values = {name: ast.literal_eval(value) for name, value in arguments.items()}
    return PyCall(**{name: tuple(v) if isinstance(v, list) else v for name, v in values.items()})
