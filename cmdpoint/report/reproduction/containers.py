"""The lines that create and run a container with the client, with docker-py, or over the API."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from cmdpoint.oracle.case import CommandLine, ContainerRequest, PyCall, RawRequest, Request, unused_spelling
from cmdpoint.oracle.clients.docker_run import IMAGE
from cmdpoint.oracle.explain import notation
from cmdpoint.report.reproduction.base_image import LABEL, OWNER
from cmdpoint.report.reproduction.quoting import words
from cmdpoint.report.reproduction.target import ScriptTarget

_OPTIONS: Final = (
    f"--label {LABEL}={OWNER} --network none --pull never",
    "--cap-drop ALL --read-only --security-opt no-new-privileges",
)
"""The options of a container, as in the conformance tests: with capabilities, a private program may run."""

_HOST_CONFIG: Final[Mapping[str, Any]] = {
    "NetworkMode": "none",
    "CapDrop": ["ALL"],
    "ReadonlyRootfs": True,
    "SecurityOpt": ["no-new-privileges"],
    "LogConfig": {"Type": "json-file"},
}
"""The same in a request to the API."""

_DOCKER_PY: Final = """\
command -v python3 >/dev/null && python3 -c 'import docker' ||
    stop "this request is docker-py's: install Python, and the library with pip install docker"
container=$(python3 - "$host" <<'END'
import docker, sys
client = docker.APIClient(base_url=sys.argv[1], version="auto")
try:
    print(client.create_container({image!r}, {arguments}, labels={labels!r},
        host_config=client.create_host_config(
            {host}))["Id"])
except (docker.errors.APIError, ValueError) as error:
    sys.exit(f"{{type(error).__name__}}: {{error}}")
END
)"""

API: Final = """\
# The API, for what the client cannot do. The last line of its output is HTTP and the status.
need_api() {{
    command -v curl >/dev/null || stop "curl is missing, which sends requests to the engine: install it"
    case $host in
    unix://*) ;;
    *) stop "requests to the API need a unix socket, not '$host': set {variable}=unix:///PATH{hint}" ;;
    esac
}}
api() {{  # METHOD PATH [OPTION OF CURL]...
    method=$1 path=$2
    shift 2
    curl -sS --unix-socket "${{host#unix://}}" -X "$method" -w '\\nHTTP %{{http_code}}\\n' "$@" "http://engine$path"
}}"""


def needs_api(request: ContainerRequest, target: ScriptTarget) -> bool:
    """Whether the request is sent with curl: the target wants it, or the client cannot send it."""
    if isinstance(request, RawRequest):
        return True
    return isinstance(request, Request) and (target.uses_api or notation.docker_run(request) is None)


def host(target: ScriptTarget) -> Iterator[str]:
    """The line that finds the address of the engine."""
    if target.is_podman:
        socket = "unix://$(podman info --format '{{.Host.RemoteSocket.Path}}' | sed 's,^unix://,,')"
        yield f"host=${{CONTAINER_HOST:-{socket}}}"
    else:
        yield "host=${DOCKER_HOST:-$(docker context inspect --format '{{.Endpoints.docker.Host}}')}"


def api(target: ScriptTarget) -> Iterator[str]:
    """The lines that define the functions `need_api` and `api`."""
    hint = "; podman system service offers one" if target.is_podman else ""
    variable = "CONTAINER_HOST" if target.is_podman else "DOCKER_HOST"
    yield from API.format(variable=variable, hint=hint).split("\n")


def create(request: ContainerRequest, image: str, target: ScriptTarget) -> Iterator[str]:
    """The lines that create a container and set `$container`; if the engine refuses it, the script ends."""
    if isinstance(request, PyCall):
        yield _docker_py(request, image, target)
    elif isinstance(request, RawRequest) or (isinstance(request, Request) and needs_api(request, target)):
        yield "api POST /containers/create -H 'Content-Type: application/json' >\"$dir/log\" -d @- <<'END'"
        yield json.dumps(_body(request, image, target))
        yield "END"
        yield 'cat "$dir/log"'
        yield """container=$(sed -n 's/.*"Id":"\\([0-9a-f]*\\)".*/\\1/p' "$dir/log")"""
        yield 'test -n "$container"'
    else:
        yield f"container=$({target.client} create {_client_words(request, image, target)})"
    yield "code create"
    if not isinstance(request, Request | RawRequest):
        yield 'echo "$container"'


def run(request: ContainerRequest, image: str, target: ScriptTarget) -> Iterator[str]:
    """The lines that run a container, show what process 1 was, and set `$container`."""
    client = target.client
    if isinstance(request, RawRequest) or needs_api(request, target):
        yield from create(request, image, target)
        yield 'api POST "/containers/$container/start" -d ""'
        yield f'{client} wait "$container" >/dev/null 2>&1'
        yield f'{client} logs "$container" >"$dir/output"'
    elif isinstance(request, PyCall):
        yield from create(request, image, target)
        yield f'{client} start -a "$container" >"$dir/output"'
        yield f'echo "exit code of {client} start: $?"'
    else:
        words = _client_words(request, image, target)
        yield f'{client} run --cidfile "$dir/id" {words} >"$dir/output"'
        yield f'echo "exit code of {client} run: $?"'
        yield '[ ! -f "$dir/id" ] || container=$(cat "$dir/id")'
    yield "show_output"


SHOW_OUTPUT: Final = (
    "show_output() {  # words that end with NUL as JSON strings, or else text of the client",
    r"""    if [ "$(tail -c 1 "$dir/output" | tr -d '\000' | wc -c)" -ne 0 ]; then""",
    """        cat "$dir/output" && return""",
    "    fi",
    "    echo 'process 1 wrote:'",
    r"""    tr '\n\000' '\377\n' <"$dir/output" | LC_ALL=C awk '{""",
    r"""        gsub(/[\\"]/, "\\\\&"); gsub(/\377/, "\\n"); printf "argv[%d] \"%s\"\n", NR - 1, $0""",
    "    }'",
    "}",
)
"""The function that shows what process 1 wrote."""


def inspect(target: ScriptTarget) -> Iterator[str]:
    """The lines that show what create fixed, and the container's exit code."""
    keys = "Path {{json .Path}}, Args {{json .Args}}, State.ExitCode {{.State.ExitCode}}"
    yield "# The argv that create fixed, and the exit code of the container:"
    yield f"{target.client} container inspect --format '{keys}' \"$container\" 2>/dev/null ||"
    yield "    echo 'there is no such container now'"


def _client_words(request: Request | CommandLine, image: str, target: ScriptTarget) -> str:
    run = request.words if isinstance(request, CommandLine) else notation.docker_run(request)
    assert run is not None, "such a request is sent to the API"
    runtime = [f"--runtime {target.runtime}"] if target.runtime else []
    case_words = words(image if word == IMAGE else word for word in run)
    return " \\\n    ".join([*_OPTIONS, *runtime, case_words])


def _body(request: Request | RawRequest, image: str, target: ScriptTarget) -> dict[str, Any]:
    body = request.body()
    runtime = {"Runtime": target.runtime} if target.runtime else {}
    host_config = {unused_spelling("HostConfig", body): {**_HOST_CONFIG, **runtime}}
    return {"Image": image, "Labels": {LABEL: OWNER}, **body, **host_config}


def _docker_py(call: PyCall, image: str, target: ScriptTarget) -> str:
    given = {"command": call.command, "entrypoint": call.entrypoint}
    values = {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}
    arguments = ", ".join(f"{name}={value!a}" for name, value in values.items())
    host = "network_mode='none', cap_drop=['ALL'], read_only=True, security_opt=['no-new-privileges']"
    host += f", runtime={target.runtime!r}" if target.runtime else ""
    return _DOCKER_PY.format(image=image, arguments=arguments, labels={LABEL: OWNER}, host=host)
