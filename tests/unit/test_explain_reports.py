"""What `explain` answers to Dockerfiles and command lines of real reports: what is true, why, what to do."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from cmdpoint.__main__ import main
from cmdpoint.bases.names import canonical

REPORTS = [
    pytest.param(  # todd2982/SuggestArr#114
        'FROM python:3.12-slim\nENTRYPOINT ["/entrypoint.sh"]\nCMD ["--port", "${APP_PORT}"]\n',
        "docker run --rm -e APP_PORT=8080 -p 8080:8080 IMAGE",
        0,
        [
            'argv[2]  "${APP_PORT}"',
            "Dockerfile:3:17: LEX-29: the program gets '${APP_PORT}' as it is written",
        ],
        id="variable in exec form",
    ),
    pytest.param(  # ruvnet/RuView#153
        'FROM debian\nENTRYPOINT ["/bin/sh", "-c"]\nCMD ["/app/server --source ${SOURCE}"]\n',
        "docker run -p 3000:3000 IMAGE --source esp32",
        0,
        ["Dockerfile:2:12: MERGE-2:", "'--source' follows\n  '-c'"],
        id="arguments behind sh -c",
    ),
    pytest.param(  # moby/moby#16262
        'FROM node:20-alpine\nCMD [ "node", "server.js" "/app" ]\n',
        "docker run --rm IMAGE",
        5,
        ["[ENTRYPOINT of node:20-alpine]", "comma is missing", 'fix: CMD ["node", "server.js", "/app"]'],
        id="missing comma",
    ),
    pytest.param(  # iterative/cml#726
        'FROM a\nSHELL ["/bin/bash", "-c"]\nENTRYPOINT ["/bin/bash", "-c", "grep \\w"]\nCMD ["--help"]\n',
        "docker run --rm IMAGE sh",
        0,
        ["Dockerfile:3:38: FORM-4:", r'fix: ENTRYPOINT ["/bin/bash", "-c", "grep \\w \"$@\"", "bash"]'],
        id="bad escape",
    ),
    pytest.param(  # docker/for-linux#966
        'FROM nginx:mainline-alpine\nCMD ["nginx", "-g", "daemon off;"]\n',
        "docker exec -it web bash",
        0,
        [
            'in the running container: "bash"',
            '[ENTRYPOINT of nginx:mainline-alpine] "nginx"',
        ],
        id="exec",
    ),
    pytest.param(  # anibali/docker-pytorch#10
        'FROM debian\nCMD ["python3"]\n',
        "docker run --rm --volume=/home/me/My Code:/app IMAGE python3 main.py",
        3,
        ["exits with 125", "invalid reference format", '"--volume=/home/me/My Code:/app"'],
        id="blank in a path",
    ),
    pytest.param(  # espressif/rust-esp32-example#32
        'FROM debian\nENTRYPOINT ["/entrypoint.sh"]\nCMD ["/bin/bash"]\n',
        "sudo podman run -it IMAGE --device /dev/ttyUSB0",
        0,
        [
            "podman-",
            "command line: CLI-1: --device behind the image",
            "podman run --device /dev/ttyUSB0 IMAGE",
        ],
        id="option behind the image",
    ),
    pytest.param(  # docker/docs#21219
        'FROM ubuntu:22.04\nENTRYPOINT ["service rsyslog start && bash"]\n',
        "docker run -it \\\n  --rm IMAGE",
        5,
        ["unless ubuntu:22.04 has ONBUILD triggers", r'"service rsyslog start && bash \"$@\"", "sh"]'],
        id="a command line as the program's name",
    ),
    pytest.param(  # itzg/rcon-cli#6
        "FROM golang AS b\nRUN true\nFROM scratch\nENTRYPOINT /rcon-cli\n",
        "docker run --rm IMAGE --help",
        0,
        ["Dockerfile:4:12: STATE-11:", 'fix: ENTRYPOINT ["/rcon-cli"]'],
        id="scratch has no shell",
    ),
    pytest.param(  # enketo/enketo-express#531
        "FROM node:14\nCMD ${SRC_DIR}/start.sh\n",
        "docker run -d --name app IMAGE",
        5,
        [
            '[ENTRYPOINT of node:14] [SHELL of node:14, or /bin/sh -c] "${SRC_DIR}/start.sh"',
            "Dockerfile:2:5: EXEC-22: a shell runs this text and may stay process 1, unless the ENTRYPOINT",
            "fix: CMD exec ${SRC_DIR}/start.sh",
        ],
        id="a shell behind the ENTRYPOINT of the base",
    ),
    pytest.param(  # lightspeed-core/lightspeed-stack#226
        'FROM ubi9\nCMD ["python3.12", "src/stack.py"]\n',
        "docker run IMAGE -c /app-config/stack.yaml",
        5,
        [
            '[ENTRYPOINT of ubi9] "-c" "/app-config/stack.yaml"',
            "if ubi9 has no ENTRYPOINT, '-c' is run as the program",
            "name the program in ENTRYPOINT",
        ],
        id="arguments without an ENTRYPOINT",
    ),
    pytest.param(  # docker/docs#25642
        'FROM python\nEXPOSE 5000 # the port\nCOPY . . # everything\nCMD ["flask", "run"] # start\n',
        "docker run IMAGE",
        3,
        [
            "Dockerfile:2:13: LEX-11: '# the port' is not a comment",
            "Dockerfile:3:10: LEX-11: '# everything' is not a comment",
            'fix: CMD ["flask", "run"]',
        ],
        id="comments behind instructions",
    ),
    pytest.param(  # moby/buildkit#5625
        'FROM aspnet\nCOPY ["./Library", "./Library"] # shared\nENTRYPOINT ["dotnet", "App.dll"]\n',
        "docker run IMAGE",
        3,
        ["Dockerfile:2:33: FORM-2:", "COPY splits it at blanks"],
        id="a comment behind the array of COPY",
    ),
    pytest.param(  # kubevirt/containerized-data-importer#151
        "FROM debian\nENTRYPOINT /usr/bin/importer -v\n",
        "docker run IMAGE --v=3 --endpoint=x",
        5,
        ["the program does not get '--v=3', '--endpoint=x'", 'fix: ENTRYPOINT ["/usr/bin/importer", "-v"]'],
        id="arguments of a shell form",
    ),
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder the command is run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("dockerfile", "line", "status", "phrases"), REPORTS)
def test_a_report(
    dockerfile: str, line: str, status: int, phrases: Sequence[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The answer says what runs, why, and what to do."""
    Path("Dockerfile").write_text(dockerfile)
    assert main(["explain", "--", line]) == status
    out = capsys.readouterr().out
    assert [phrase for phrase in phrases if phrase not in out] == [], out


@pytest.mark.parametrize(
    ("lines", "phrases"),
    [
        (["CMD migrate && exec serve"], []),
        (["CMD migrate; exec serve --port 80"], []),
        (["CMD exec migrate || serve"], ["may stay process 1"]),
        (["CMD migrate && serve"], ["may stay process 1"]),
        (['SHELL ["/usr/bin/python3", "-c"]', "ENTRYPOINT print(1)", 'CMD ["x"]'], []),
        (['SHELL ["fish", "-c"]', "ENTRYPOINT serve", 'CMD ["x"]'], ["may stay process 1"]),
        (['SHELL ["/bin/bash", "-c"]', "ENTRYPOINT serve", 'CMD ["x"]'], ["does not get 'x': it is $0"]),
        (["ENTRYPOINT serve", 'CMD ["x"]'], ["does not get 'x': it is $0"]),
        (['ENTRYPOINT ["sh", "-c", "serve \\"$@\\"", "--"]', 'CMD ["x", "y"]'], ["may stay process 1"]),
    ],
)
def test_what_is_said_of_a_shell_depends_on_the_shell(
    lines: Sequence[str], phrases: Sequence[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Only a POSIX shell calls words $0, and none stays behind an `exec` in front of the last command."""
    Path("Dockerfile").write_text("\n".join(["FROM base", *lines, ""]))
    assert main(["explain", "--dialect", "docker", "--base", 'base={"Cmd": ["x"]}']) == 0
    out = capsys.readouterr().out
    shown = [each for each in ("may stay process 1", "does not get 'x': it is $0") if each in out]
    assert shown == phrases, out


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--", "docker compose run test --entrypoint echo bye"], "docker compose is not covered"),
        (["--", "kubectl", "apply", "-f", "pod.yaml"], "kubectl is not covered"),
        (["--platform", "windows/amd64"], "the platform is windows/amd64"),
        (["windows"], "mcr.microsoft.com/dotnet/framework/sdk:4.8"),
    ],
)
def test_what_is_not_covered(words: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Windows and the command lines of other programs are refused before anything is claimed."""
    Path("Dockerfile").write_text("FROM debian\nCMD x\n")
    Path("windows").write_text("FROM mcr.microsoft.com/dotnet/framework/sdk:4.8\nCMD x\n")
    assert main(["explain", *words]) == 6
    out, err = capsys.readouterr()
    assert out == ""
    assert reason in err


@pytest.mark.parametrize(
    ("dialect", "base"),
    [("docker-28.5.2/buildkit", "one-arm64"), ("docker-28.5.2/classic", "one-none")],
)
def test_a_platform_sets_arguments_only_for_builders_that_know_them(
    dialect: str, base: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The classic builder has no TARGETARCH; the default of the text counts there."""
    Path("Dockerfile").write_text("FROM one-${TARGETARCH:-none}\nCMD x\n")
    assert main(["explain", "--platform", "linux/arm64/v8", "--dialect", dialect]) == 5
    assert f"[ENTRYPOINT of {base}]" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("platform", "base"),
    [("arm64", "linux/arm64/none"), ("linux/arm", "linux/arm/v7"), ("linux/arm64/v8", "linux/arm64/none")],
)
def test_a_platform_in_another_spelling(platform: str, base: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An architecture alone is a platform too, and a variant that goes without saying is dropped."""
    text = "FROM $TARGETOS/$TARGETARCH/${TARGETVARIANT:-none}\nCMD x\n"
    Path("Dockerfile").write_text(text)
    assert main(["explain", "--platform", platform]) == 5
    assert f"[ENTRYPOINT of {base}]" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("platform", "message"),
    [
        ("foo", "'foo' is no platform, such as linux/arm64"),
        ("linux/foo/bar/baz", "'linux/foo/bar/baz' is no platform"),
        ("", "'' is no platform"),
        ("linux/amd64,linux/arm64", "name one platform"),
    ],
)
def test_what_is_no_platform(platform: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Docker refuses it, so it is a mistake in the command line."""
    Path("Dockerfile").write_text("FROM debian\nCMD x\n")
    with pytest.raises(SystemExit) as ended:
        main(["explain", "--platform", platform])
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


def test_an_argument_a_stage_and_a_chain(capsys: pytest.CaptureFixture[str]) -> None:
    """`--build-arg` replaces a variable of FROM; of several files, the first are bases of the last."""
    Path("base").mkdir()
    Path("base/Dockerfile").write_text('FROM scratch\nENTRYPOINT ["/e"]\n')
    Path("Dockerfile").write_text('ARG BASE=debian\nFROM $BASE\nCMD ["/c"]\n')
    assert main(["explain", "-f", "own:1=base", "-f", ".", "--build-arg", "BASE=own:1"]) == 0
    assert [line.split()[1] for line in capsys.readouterr().out.splitlines() if "argv[" in line] == [
        '"/e"',
        '"/c"',
    ]


def test_names_of_one_image() -> None:
    """Docker Hub's domain, `library/`, `latest` and a digest do not matter."""
    digest = f"nginx@sha256:{'0' * 64}"
    names = ["nginx", "nginx:latest", "docker.io/library/nginx", "index.docker.io/library/nginx", digest]
    assert set(map(canonical, names)) == {"nginx:latest"}
    assert canonical("localhost:5000/nginx") == "localhost:5000/nginx:latest"
    assert canonical("nginx:1.27") != canonical("nginx")


def test_a_wrong_option_shows_the_usage_of_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    """Not the usage of cmdpoint as a whole."""
    with pytest.raises(SystemExit):
        main(["explain", "--no-such"])
    assert capsys.readouterr().err.startswith("usage: cmdpoint explain")


@pytest.mark.parametrize(("more", "is_lost"), [("", True), ('CMD ["y"]\n', False)])
def test_a_cmd_of_the_base_is_lost_only_if_none_follows(
    more: str, is_lost: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """An ENTRYPOINT drops the CMD of the base; a CMD of the Dockerfile replaces it."""
    Path("Dockerfile").write_text(f'FROM base\nENTRYPOINT ["/e"]\n{more}')
    assert main(["explain", "--base", 'base={"Cmd": ["x"]}']) == 0
    assert ("ENTRYPOINT drops the CMD of the base (x)" in capsys.readouterr().out) == is_lost
