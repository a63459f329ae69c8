"""The reproduction script, run with a `docker` that records its calls.

`tests/suite/test_reproduction.py` runs scripts on real engines.
"""

import io
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cmdpoint.engines.driver.labels import PROJECT
from cmdpoint.engines.probe import ARCHITECTURES, context
from cmdpoint.oracle.case import Case, CommandLine, Image, PyCall, RawRequest, Request
from cmdpoint.oracle.images import probe
from cmdpoint.oracle.outcome import Codes, Process, Refusal
from cmdpoint.report.reproduction import quoting, reproduction_script
from cmdpoint.report.reproduction.base_image import LABEL
from cmdpoint.report.saved_divergence import FOLDER, save

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not all(map(shutil.which, ("sh", "awk", "base64"))), reason="the script needs sh, awk and base64"
    ),
]

DOCKER = """\
#!/bin/sh
printf '%s\\n' "BUILDKIT=${DOCKER_BUILDKIT-}" "$@" END >>"$LOG"
case $1 in
version) case $* in *Client*) echo "${CLIENT-20.10.24}" ;; *) echo amd64; exit "${NO_ENGINE-0}" ;; esac ;;
buildx) exit 1 ;;
image) [ "$2" != inspect ] || exit "${IMAGE_INSPECT-1}" ;;
create) echo 0123abcd ;;
run) printf '/b\\000it"s \\\\\\000\\000' ;;
build)
    for folder; do :; done
    cp -R "$folder" "$LOG.context.$(ls -d "$LOG".context.* 2>/dev/null | wc -l | tr -d ' ')" ;;
esac
"""
"""A `docker` that writes the words of each call to a file, and copies the build contexts."""

CASE = Case(
    (Image("base", 'FROM probe\nCMD ["/a"]\n'), Image("image", 'FROM base\nENTRYPOINT ["/b", "a b"]\n')),
    Request(None, ("x y", "it's")),
)

OPTIONS = [
    *("--label", "dev.cmdpoint=reproduction", "--network", "none", "--pull", "never"),
    *("--cap-drop", "ALL", "--read-only", "--security-opt", "no-new-privileges"),
]


class Sandbox:
    """A folder with a `docker` that records its calls, for scripts to run in."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "log"
        self.programs, self.temporary = folder / "programs", folder / "temporary"
        self.programs.mkdir()
        self.temporary.mkdir()
        (self.programs / "docker").write_text(DOCKER)
        (self.programs / "docker").chmod(0o755)

    def run(self, text: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a script."""
        path = f"{self.programs}:{os.environ['PATH']}"
        environment = {"PATH": path, "LOG": str(self.log), "TMPDIR": str(self.temporary), **variables}
        script = self.temporary.with_name("script")
        script.write_bytes(text.encode("utf-8", "surrogateescape"))
        sh = shutil.which("sh") or "sh"
        return subprocess.run([sh, script], env=environment, capture_output=True, text=True, check=False)

    def calls(self, verb: str) -> list[list[str]]:
        """The words of each call of `docker VERB`, the builder first."""
        calls = [call.split("\n") for call in self.log.read_text().split("\nEND\n")[:-1]]
        return [call for call in calls if call[1] == verb]

    def context(self, number: int) -> Path:
        """The context of the build of that number, from 0."""
        return self.log.with_name(f"log.context.{number}")


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    """A sandbox."""
    return Sandbox(tmp_path)


def test_the_base_image_is_that_of_the_conformance_tests(sandbox: Sandbox) -> None:
    """Each file of it has the same content and mode, and each link the same target."""
    done = sandbox.run(reproduction_script(CASE, "docker-20.10.24/buildkit"))
    assert (done.returncode, done.stderr) == (0, "")
    root = sandbox.context(0) / "root"
    made = {str(file.relative_to(root)): file for file in root.rglob("*") if not _is_folder(file)}
    with tarfile.open(fileobj=io.BytesIO(context("amd64"))) as archive:
        wanted = {member.name.removeprefix("root/"): member for member in archive.getmembers()}
        dockerfile = archive.extractfile(wanted.pop("Dockerfile"))
        assert dockerfile is not None
        own_dockerfile = (sandbox.context(0) / "Dockerfile").read_bytes()
        assert own_dockerfile == dockerfile.read() + b"LABEL dev.cmdpoint=reproduction\n"
        assert made.keys() == wanted.keys()
        for name, member in wanted.items():
            if member.issym():
                assert str(made[name].readlink()) == member.linkname
                continue
            content = archive.extractfile(member)
            assert content is not None
            assert (made[name].read_bytes(), made[name].stat().st_mode & 0o777) == (
                content.read(),
                member.mode,
            )


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def test_the_script_builds_and_runs_exactly_the_case(sandbox: Sandbox) -> None:
    """It uses the builder of the target, and shows the words of process 1 and the exit codes."""
    done = sandbox.run(reproduction_script(CASE, "docker-20.10.24/buildkit"))
    for number, image in enumerate(CASE.images, start=1):
        assert isinstance(image, Image)
        assert (sandbox.context(number) / "Dockerfile").read_text() == image.dockerfile
    assert [call[:-1] for call in sandbox.calls("build")] == [
        ["BUILDKIT=0", "build", "--no-cache", "-q", "-t", "probe"],
        ["BUILDKIT=1", "build", "-t", "base"],
        ["BUILDKIT=1", "build", "-t", "image"],
    ]
    (run,) = sandbox.calls("run")
    assert run[4:] == [*OPTIONS, "image", "x y", "it's"]
    assert done.stdout.count("exit code of build: 0\n") == 2
    assert done.stdout.endswith(
        'exit code of docker run: 0\nprocess 1 wrote:\nargv[0] "/b"\nargv[1] "it\\"s \\\\"\nargv[2] ""\n'
    )


def test_what_the_client_prints_is_no_argv(sandbox: Sandbox) -> None:
    """`docker run --help` prints a text, which no program of the base image does."""
    prints_a_line = DOCKER.replace("\\000'", "\\n'")
    assert prints_a_line != DOCKER
    (sandbox.programs / "docker").write_text(prints_a_line)
    done = sandbox.run(reproduction_script(CASE, "docker-28.5.2/classic"))
    assert "argv[" not in done.stdout
    assert "exit code of docker run: 0\n/b" in done.stdout


def test_the_runtime_is_requested(sandbox: Sandbox) -> None:
    """A target that names a runtime starts the container with it."""
    sandbox.run(reproduction_script(CASE, "docker-28.5.2/classic/crun"))
    assert sandbox.calls("run")[0][4:] == [*OPTIONS, "--runtime", "crun", "image", "x y", "it's"]
    api = reproduction_script(Case((), Request((), ())), "docker-28.5.2/classic/crun")
    assert '"Runtime": "crun"' in api


@pytest.mark.parametrize(
    "dockerfile",
    [
        "FROM probe\nCMD echo \udcff\u00a0x\nENTRYPOINT\n",
        'FROM probe\nCMD ["it\'s", "$x"] `y` \\',
        "FROM probe\nCMD a\tb\x01%d\\n\x00\n",
        "FROM probe\nRUN <<END\nx\nEND\n",
        "-n",
        "-\t",
        "",
    ],
)
def test_every_byte_of_a_dockerfile_reaches_the_builder(sandbox: Sandbox, dockerfile: str) -> None:
    """Also bytes that are not UTF-8, that cannot be seen, and a line end that is missing."""
    case = Case((Image("image", dockerfile, "a b", (("A", "x y"),)),))
    sandbox.run(reproduction_script(case, "docker-28.5.2/classic", "config"))
    built = (sandbox.context(1) / "Dockerfile").read_bytes()
    assert built == dockerfile.encode("utf-8", "surrogateescape")
    words = ["build", "--no-cache", "-t", "image", "--target", "a b", "--build-arg", "A=x y"]
    assert sandbox.calls("build")[1][:-1] == ["BUILDKIT=0", *words]


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), max_size=5))
@example(["-n", "", "a\n\n", "\n", "%s\\", "\x1b[0m'\"$x`y`", "\t\n", "-\x1b"])
def test_every_word_reaches_the_client(words: list[str]) -> None:
    """A word of a command line arrives unchanged, whatever it holds."""
    script = f"printf '%s\\000' {quoting.words(words)}" if words else ":"
    done = subprocess.run(["sh"], input=script.encode(), capture_output=True, check=True)
    assert done.stdout == b"".join(word.encode() + b"\0" for word in words)


def test_the_script_leaves_nothing(sandbox: Sandbox) -> None:
    """It removes its folder, its containers and its images when it ends."""
    sandbox.run(reproduction_script(CASE, "docker-20.10.24/classic"))
    assert list(sandbox.temporary.iterdir()) == []
    images = [call[2:] for call in sandbox.calls("image")]
    assert ["rm", "-f", "probe", "base", "image"] in images
    assert ["prune", "-f", "--filter", "label=dev.cmdpoint=reproduction"] in images
    assert sandbox.calls("ps")[-1][2:] == ["-aq", "--filter", "label=dev.cmdpoint=reproduction"]


def test_the_script_removes_no_other_image(sandbox: Sandbox) -> None:
    """If an image with one of its names exists, it does nothing."""
    done = sandbox.run(reproduction_script(CASE, "docker-20.10.24/classic"), IMAGE_INSPECT="0")
    assert done.returncode == 1
    assert "an image probe exists" in done.stderr
    assert {call[2] for call in sandbox.calls("image")} == {"inspect"}
    assert not sandbox.context(0).exists()


def test_what_is_missing_is_printed(sandbox: Sandbox) -> None:
    """The client, an engine, the plugin buildx, and what to do about each."""
    text = reproduction_script(CASE, "docker-28.5.2/buildkit")
    done = sandbox.run(text, CLIENT="28.5.2", DOCKER_HOST="unix:///nowhere")
    assert "docker buildx is missing: curl builds instead. To use docker build, install" in done.stdout
    done = sandbox.run(text, NO_ENGINE="1")
    assert (done.returncode, done.stderr) == (1, "no engine answers: start one, or set DOCKER_HOST\n")
    done = sandbox.run(text, CLIENT="28.5.2", DOCKER_HOST="tcp://somewhere")
    assert done.returncode == 1
    assert "requests to the API need a unix socket, not 'tcp://somewhere'" in done.stderr
    for target, client in (("docker-28.5.2/classic", "docker"), ("podman-5.4.2/buildah", "podman")):
        done = sandbox.run(reproduction_script(CASE, target), PATH=str(sandbox.temporary))
        expected = f"{client} is missing: install this command-line client\n"
        assert (done.returncode, done.stderr) == (1, expected)


@pytest.mark.parametrize(
    ("target", "request_", "raw"),
    [
        ("docker-28.5.2/classic", Request((), ()), True),
        ("docker-28.5.2/classic", Request(("/a", "b")), True),
        ("docker-28.5.2/classic", Request(("/a",), ("b",)), False),
        ("docker-28.5.2/classic", CommandLine(("--entrypoint=", "IMAGE", "\x1b")), False),
        ("podman-5.4.2/buildah", Request(("/a",), ("b",)), True),
        ("podman-5.4.2/buildah", CommandLine(("IMAGE", "b")), False),
    ],
)
def test_what_no_client_can_request_is_sent_to_the_api(
    target: str, request_: Request | CommandLine, raw: bool
) -> None:
    """Null and `[]` stay as they are; Podman's client has an API of its own."""
    text = reproduction_script(Case((), request_), target)
    assert ("api POST /containers/create" in text) is raw
    assert bool(re.search("^(docker|podman) run ", text, re.MULTILINE)) is not raw
    if request_ == Request((), ()):
        assert '"Entrypoint": [], "Cmd": []' in text


def test_a_request_of_docker_py_is_made_by_docker_py() -> None:
    """The script holds the call, and says what to install."""
    text = reproduction_script(Case((), PyCall("a 'b'", ("/x",))), "docker-28.5.2/classic")
    assert """create_container('probe', command="a 'b'", entrypoint=['/x']""" in text
    assert "pip install docker" in text


def test_the_script_has_a_program_for_every_cpu() -> None:
    """So that it runs on any machine."""
    text = reproduction_script(CASE, "docker-28.5.2/classic")
    found = re.findall(r"^\*(\w+)\) architecture=\1 program=\S+ ;;$", text, re.MULTILINE)
    assert found == list(ARCHITECTURES)
    assert LABEL == PROJECT
    assert all(path in text for path in probe.FILES)


def test_a_divergence_is_saved_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The report, and the script with the results at its head; the command names the script."""
    monkeypatch.chdir(tmp_path)
    results = Process(("/a",)), Process(("/b", "x\n"), Codes(run=0))
    for _ in range(2):
        saved = save(CASE, "docker-28.5.2/classic", "observed", "a report\n", *results)
    assert sorted(FOLDER.iterdir()) == sorted([saved.report, saved.script])
    assert saved.report.read_text() == "a report\n"
    assert saved.script.read_text().startswith(
        "#!/bin/sh\n"
        '# Predicted: ["/a"]\n'
        '# Observed on docker-28.5.2/classic: ["/b", "x\\n"] (docker run 0)\n'
        "# Run it with sh"
    )
    command = f"python3 -m cmdpoint engines run docker-28.5.2 -- sh {saved.script}"
    assert saved.command("docker-28.5.2") == command


@pytest.mark.parametrize(("status", "raw"), [(404, True), (400, False), (None, False)])
def test_a_status_is_shown_where_it_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int | None, raw: bool
) -> None:
    """No client shows the statuses of the API, so curl sends the request."""
    monkeypatch.chdir(tmp_path)
    results = (Refusal("start", "not-found", "", codes=Codes(start=start)) for start in (400, status))
    saved = save(CASE, "docker-28.5.2/classic", "observed", "", *results)
    assert ("api POST /containers/create" in saved.script.read_text()) is raw


def test_keys_that_recur_keep_their_order() -> None:
    """A null HostConfig behind another one resets it, so it must not come first in the script (MERGE-12)."""
    body = '{"hostconfig": {"Init": true}, "HostConfig": null}'
    case = Case((Image("image", "FROM probe\n"),), RawRequest(body))
    assert body[1:-1] in reproduction_script(case, "docker-28.5.2/buildkit", "observed")
