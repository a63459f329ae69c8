"""`--bases registry` with a real registry, and `--bases daemon` with the run's engine."""

import base64
import http.server
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from cmdpoint.__main__ import main
from cmdpoint.bases.daemon import DaemonImages
from cmdpoint.bases.faults import RegistryFault
from cmdpoint.bases.given import given
from cmdpoint.bases.registry import Registries
from cmdpoint.engines.driver.engine import Engine
from cmdpoint.engines.faults import Fault, InvalidResponse
from cmdpoint.exit_codes import ExitCode
from cmdpoint.oracle.case import ImageConfig
from tests.suite.registry import Registry, registry_program, running_registry

USER = ("ada", "secret")
HTPASSWD = "ada:$2b$04$G/EvyjATdYdLZyfpDS/FVOod9DUYyzg8wTQWW9tEvE4klyUlJGy4y\n"


@pytest.fixture(scope="module")
def program() -> Path:
    """The program of the registry."""
    try:
        return registry_program()
    except Fault as fault:
        pytest.skip(f"the package docker-registry cannot be had: {fault.why}")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder without credentials."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("DOCKER_CONFIG", raising=False)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    return tmp_path


@pytest.fixture(scope="module")
def plain(program: Path) -> Iterator[Registry]:
    """A registry on this machine without TLS, as Docker allows it there."""
    with running_registry(program) as registry:
        yield registry


@pytest.fixture(scope="module")
def private(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """A registry with TLS and basic authentication."""
    if not shutil.which("openssl"):
        pytest.skip("needs openssl")
    folder = tmp_path_factory.mktemp("registry")
    certificate, key = folder / "cert.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=registry", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    (folder / "htpasswd").write_text(HTPASSWD)
    auth = {"htpasswd": {"realm": "registry", "path": str(folder / "htpasswd")}}
    with running_registry(
        program, certificate=(certificate, key), authority=certificate, auth=auth, credentials=USER
    ) as registry:
        yield registry


def trust(home: Path, registry: Registry) -> None:
    """Trust the certificate of a registry, as for docker."""
    assert isinstance(registry.verify, Path)
    folder = home / ".config/docker/certs.d" / registry.host
    folder.mkdir(parents=True)
    shutil.copy(registry.verify, folder / "ca.crt")


def log_in(home: Path, registry: Registry, password: str = USER[1]) -> None:
    """Write the file that `docker login` writes."""
    secret = base64.b64encode(f"{USER[0]}:{password}".encode()).decode()
    (home / ".docker").mkdir()
    (home / ".docker/config.json").write_text(json.dumps({"auths": {registry.host: {"auth": secret}}}))


def test_tags_and_digests(plain: Registry) -> None:
    """An image is found by its tag, `latest` without one, and by its digest, with a tag or without."""
    digest = plain.push("team/app", "latest", {"Entrypoint": ["/new"]})
    other = plain.push("team/app", "1", {"Cmd": ["/old"], "OnBuild": ["RUN x"], "Shell": ["/s"]})
    new, old = ImageConfig(("/new",)), ImageConfig((), ("/old",), ("/s",), ("RUN x",))
    name = f"{plain.host}/team/app"
    expected = {"": new, ":latest": new, ":1": old, f"@{digest}": new, f":1@{digest}": new, f"@{other}": old}
    for suffix, config in expected.items():
        found = Registries().find(f"{name}{suffix}")
        assert found is not None, suffix
        assert (found.config, plain.host in found.origin) == (config, True), suffix
    assert Registries().find(f"{name}:2") is None
    assert Registries().find(f"{plain.host}/team/nothing") is None
    assert Registries().find(f"{name}@sha256:{'0' * 64}") is None


def test_platforms(plain: Registry) -> None:
    """Of an index, the image of the platform counts; a platform that it lacks is a fault."""
    digests = {
        platform: plain.push("many", "", {"Cmd": [platform]}, platform)
        for platform in ("linux/arm/v7", "linux/arm64/v8", "linux/amd64")
    }
    index = plain.push_index("many", "1", digests)
    for reference in (f"{plain.host}/many:1", f"{plain.host}/many@{index}"):
        for platform, wanted in (
            ("linux/amd64", "linux/amd64"),
            ("linux/arm64", "linux/arm64/v8"),
            ("linux/arm/v7", "linux/arm/v7"),
        ):
            found = Registries(platform).find(reference)
            assert found is not None
            assert found.config.cmd == (wanted,)
    with pytest.raises(RegistryFault, match="linux/amd64, linux/arm/v7, linux/arm64/v8"):
        Registries("linux/riscv64").find(f"{plain.host}/many:1")


def test_tls_and_basic_authentication(private: Registry, home: Path) -> None:
    """The certificate must be trusted, and the credentials of `docker login` are sent."""
    private.push("app", "1", {"Entrypoint": ["/e"]})
    name = f"{private.host}/app:1"
    with pytest.raises(RegistryFault, match="CERTIFICATE_VERIFY_FAILED"):
        Registries().find(name)
    trust(home, private)
    with pytest.raises(RegistryFault, match=f"docker login {private.host}"):
        Registries().find(name)
    log_in(home, private)
    found = Registries().find(name)
    assert found is not None
    assert found.config == ImageConfig(("/e",))


def test_a_wrong_password(private: Registry, home: Path) -> None:
    """It is a fault, and never an image that does not exist."""
    trust(home, private)
    log_in(home, private, "wrong")
    with pytest.raises(RegistryFault, match="401"):
        Registries().find(f"{private.host}/app:1")


def test_a_credential_helper(private: Registry, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The helper that Docker's configuration names has the credentials."""
    private.push("app", "2", {"Entrypoint": ["/e"]})
    trust(home, private)
    helper = home / "docker-credential-test"
    answer = json.dumps({"Username": USER[0], "Secret": USER[1]})
    helper.write_text(f'#!/bin/sh\n[ "$1" = get ] && [ "$(cat)" = {private.host} ] && echo \'{answer}\'\n')
    helper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{home}:/usr/bin:/bin")
    (home / ".docker").mkdir()
    (home / ".docker/config.json").write_text(json.dumps({"credHelpers": {private.host: "test"}}))
    found = Registries().find(f"{private.host}/app:2")
    assert found is not None
    assert found.config == ImageConfig(("/e",))


class _Tokens(http.server.BaseHTTPRequestHandler):
    """A server that gives a token to everyone."""

    queries: list[dict[str, list[str]]]

    def do_GET(self) -> None:
        """Answer with a token."""
        self.queries.append(parse_qs(urlsplit(self.path).query))
        body = b'{"token": "anonymous"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


def test_an_anonymous_token(program: Path) -> None:
    """The server that a registry names gives a token for the repository, which the registry then accepts."""
    queries: list[dict[str, list[str]]] = []
    handler = type("Tokens", (_Tokens,), {"queries": queries})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        realm = f"http://127.0.0.1:{server.server_port}/token"
        with running_registry(program, auth={"silly": {"realm": realm, "service": "it"}}) as registry:
            registry.push("open/app", "1", {"Cmd": ["/c"]})
            found = Registries().find(f"{registry.host}/open/app:1")
        server.shutdown()
    assert found is not None
    assert found.config == ImageConfig((), ("/c",))
    assert queries == [{"service": ["it"], "scope": ["repository:open/app:pull"]}]


def test_nothing_answers() -> None:
    """It is a fault with the reason."""
    with pytest.raises(RegistryFault, match="does not answer"):
        Registries().find("127.0.0.1:1/app")


def test_the_commands(plain: Registry, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """`explain` says where the config is from; without `--bases` nothing is requested, and it is unknown."""
    plain.push("base", "1", {"Entrypoint": ["/e"]})
    (tmp_path / "Dockerfile").write_text(f'FROM {plain.host}/base:1\nCMD ["x"]\n')
    command = ["explain", str(tmp_path)]
    assert main(command) == ExitCode.UNKNOWN
    capfd.readouterr()
    assert main([*command, "--bases", "registry"]) == ExitCode.DONE
    out = " ".join(capfd.readouterr().out.split())
    assert f"The config of {plain.host}/base:1 is from the registry {plain.host}" in out
    assert (
        main([*command, "--bases", "registry", "--base", f'{plain.host}/base:1={{"Cmd": []}}'])
        == ExitCode.DONE
    )
    assert "is from the registry" not in capfd.readouterr().out


def test_a_daemon(engine_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An image of the daemon is found by each of its names; others are not, and nothing is pulled."""
    engine = Engine(engine_url)
    archive = {"fromSrc": "-", "repo": "docker.io/library/cmdpoint-base", "tag": "latest"}
    changes = ['ENTRYPOINT ["/e"]', 'CMD ["c"]']
    imported = engine._response(
        "POST", "/images/create", params={**archive, "changes": changes}, data=b"\0" * 1024
    )
    assert imported
    try:
        images = DaemonImages(engine)
        for name in ("cmdpoint-base", "cmdpoint-base:latest", "docker.io/library/cmdpoint-base"):
            found = images.find(name)
            assert found is not None, name
            assert found.config == ImageConfig(("/e",), ("c",)), name
            assert engine.name in found.origin
        assert images.find("cmdpoint-base:2") is None
        (tmp_path / "Dockerfile").write_text("FROM cmdpoint-base\n")
        monkeypatch.setenv("DOCKER_HOST", engine_url)
        assert main(["explain", str(tmp_path), "--bases", "daemon"]) == ExitCode.DONE
    finally:
        engine.delete("/images/cmdpoint-base:latest")


def test_a_daemon_that_hides_keys(engine_url: str, tmp_path: Path) -> None:
    """Podman's API does not have SHELL; an image with one is a fault, and saved, it is read."""
    engine = Engine(engine_url)
    if engine.product != "podman":
        pytest.skip("the API of Docker has all keys")
    name = "localhost/cmdpoint-shell:1"
    text = 'FROM scratch\nSHELL ["/s", "-c"]\nLABEL a=b\nCMD ["c"]\n'
    podman = ["podman", "--remote", "--url", engine_url]
    build = [*podman, "build", "--format", "docker", "-t", name, "-f", "-", str(tmp_path)]
    subprocess.run(build, input=text, text=True, check=True, capture_output=True)
    try:
        with pytest.raises(InvalidResponse, match="Podman does not return Shell"):
            DaemonImages(engine).find(name)
        saved = tmp_path / "base.tar"
        subprocess.run([*podman, "save", "-o", str(saved), name], check=True, capture_output=True)
        assert given([f"{name}=@{saved}"])[name] == ImageConfig((), ("c",), ("/s", "-c"))
    finally:
        engine.delete(f"/images/{name}")
