"""The archive: which apt sources are the distribution's own, and unpacking with tools that only pretend."""

import platform
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from engines import archive
from engines.archive import unpack_docker
from engines.faults import ArchiveFault, DiskFull, NoEngine, UnknownEngine
from engines.sources import Stanza, choose_sources, machine_sources, parse_deb822, parse_list

LIST = """\
# deb http://mirror.example/debian bookworm contrib
deb http://mirror.example/debian bookworm main non-free # the main one
deb-src http://mirror.example/debian bookworm main
  deb [arch=amd64,arm64 signed-by=/k/a.gpg,/k/b.gpg trusted=no] http://vendor.example/apt bookworm stable
"""

DEB822 = """\
# written by the installer
Types: deb deb-src
URIs: http://mirror.example/debian
# a remark between the fields
Suites: bookworm bookworm-updates
  bookworm-backports
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBF
 -----END PGP PUBLIC KEY BLOCK-----

Types: deb-src
URIs: http://source.example/
Suites: bookworm
Components: main


Enabled: no
Types: deb
URIs: http://off.example/
Suites: bookworm
Components: main

types: deb
uris: http://security.example/debian-security
suites: bookworm-security
components: main
"""


def source(uri: str, suites: str, components: str = "main") -> Stanza:
    return {"types": "deb", "uris": uri, "suites": suites, "components": components}


def test_one_line_format() -> None:
    own, vendor = parse_list(LIST)
    assert own == source("http://mirror.example/debian", "bookworm", "main non-free")
    assert vendor == {
        **source("http://vendor.example/apt", "bookworm", "stable"),
        "architectures": "amd64 arm64",
        "signed-by": "/k/a.gpg,/k/b.gpg",
        "trusted": "no",
    }


def test_deb822_format_keeps_a_key_of_many_lines() -> None:
    own, security = parse_deb822(DEB822)
    assert own["types"] == "deb"
    assert own["suites"].split() == ["bookworm", "bookworm-updates", "bookworm-backports"]
    assert own["signed-by"].startswith("\n -----BEGIN")
    assert own["signed-by"].endswith("\n -----END PGP PUBLIC KEY BLOCK-----")
    assert security == source("http://security.example/debian-security", "bookworm-security")


def test_machine_sources_are_those_apt_itself_would_read(tmp_path: Path) -> None:
    parts = tmp_path / "sources.list.d"
    parts.mkdir()
    (tmp_path / "sources.list").write_text(
        "deb http://a.example/ s main\ndeb [arch=arm64] http://b.example/ s main\n"
    )
    (parts / "c.sources").write_text("Types: deb\nURIs: http://c.example/\nSuites: s\nComponents: main\n")
    (parts / "d.list.disabled").write_text("deb http://d.example/ s main\n")
    assert [s["uris"] for s in machine_sources(tmp_path, "amd64")] == [
        "http://a.example/",
        "http://c.example/",
    ]


def test_a_vendor_that_uses_the_same_suite_name_is_not_the_distribution() -> None:
    vendor = source("http://vendor.example/", "bookworm")
    pocket = source("http://vendor.example/pg", "bookworm-pg")
    own = source("http://mirror.example/", "bookworm bookworm-updates bookworm-backports")
    security = source("http://security.example/", "bookworm-security")
    assert choose_sources([vendor, pocket, own, security], "debian", "bookworm", "bookworm") == [
        source("http://mirror.example/", "bookworm bookworm-updates"),
        security,
    ]


def test_another_suite_comes_from_the_same_mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engines.sources.KEYRINGS", tmp_path)
    sources = [
        {
            **source("http://m.example/", "jammy jammy-updates", "main restricted"),
            "signed-by": "/k/one-release.gpg",
        },
        source("http://m.example/", "jammy", "universe"),
        source("http://s.example/", "jammy-security"),
    ]
    expected = {
        **source("http://m.example/", "noble", "main restricted universe"),
        "check-valid-until": "no",
        "signed-by": "/k/one-release.gpg",
    }
    assert choose_sources(sources, "ubuntu", "jammy", "noble") == [expected]
    (keyring := tmp_path / "ubuntu-archive-keyring.gpg").touch()
    assert choose_sources(sources, "ubuntu", "jammy", "noble") == [{**expected, "signed-by": str(keyring)}]


def test_no_source_of_the_distribution() -> None:
    with pytest.raises(ArchiveFault, match="bookworm"):
        choose_sources(
            [source("http://vendor.example/", "bookworm", "stable")], "debian", "bookworm", "bookworm"
        )


@pytest.mark.skipif(sys.platform != "linux", reason="the tools that pretend need GNU tar")
class TestUnpacking:
    """Unpacking with an apt and a dpkg that only pretend."""

    @pytest.fixture(autouse=True)
    def machine(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Pretend to be Debian 12 with one apt source, an empty cache and tools that log their calls."""
        self.bin, self.calls, self.cache = tmp_path / "bin", tmp_path / "calls", tmp_path / "cache"
        self.bin.mkdir()
        (tmp_path / "sources.list").write_text("deb http://mirror.example/debian bookworm main\n")
        monkeypatch.setattr(archive, "APT", tmp_path)
        monkeypatch.setenv("PATH", str(self.bin), prepend=":")
        monkeypatch.setenv("CMDPOINT_CACHE", str(self.cache))
        monkeypatch.setattr(
            platform, "freedesktop_os_release", lambda: {"ID": "debian", "VERSION_CODENAME": "bookworm"}
        )
        self.tool("dpkg", "echo amd64")
        self.tool("apt-cache", "echo docker-cli")
        self.tool(
            "apt-get",
            f"""
            echo "$@" >> {self.calls}
            work=$(dirname "${{1#--config-file=}}")
            case $* in *install*)
                cd "$work/cache/archives"
                touch docker.io_1_amd64.deb libc6_2_amd64.deb;;
            esac
            """,
        )
        self.tool(
            "dpkg-deb",
            """
            case $1 in
            --field) echo '5:20.10.24+dfsg1-1+deb12u1';;
            --fsys-tarfile)
                new=$(mktemp -d); mkdir -p "$new/bin"; echo hello > "$new/bin/${2##*/}"
                tar --create --directory "$new" .; rm -r "$new";;
            esac
            """,
        )

    def tool(self, name: str, script: str) -> None:
        path = self.bin / name
        path.write_text("#!/bin/sh\nset -e\n" + textwrap.dedent(script))
        path.chmod(0o755)

    def left(self) -> list[str]:
        return sorted(p.name for p in (self.cache / "roots").iterdir() if not p.name.endswith(".lock"))

    def test_root(self) -> None:
        root = unpack_docker()
        assert (root.version, root.suite) == ("20.10.24", "bookworm")
        assert root.path == self.cache / "roots/docker-20.10.24-amd64"
        assert (root.path / "bin").is_symlink(), (
            "a package's ./bin must not replace the link of the merged /usr"
        )
        assert {p.name for p in (root.path / "usr/bin").iterdir()} == {
            "docker.io_1_amd64.deb",
            "libc6_2_amd64.deb",
        }
        assert "install docker.io docker-cli" in self.calls.read_text()
        assert self.left() == ["bookworm-amd64", "docker-20.10.24-amd64"]

    def test_a_cached_root_needs_no_apt(self) -> None:
        first = unpack_docker()
        self.tool("apt-get", "echo 'E: no network' >&2; exit 100")
        assert unpack_docker() == first

    def test_two_suites_of_one_version_share_a_root(self) -> None:
        first, second = unpack_docker(), unpack_docker("trixie")
        assert (first.path, first.version) == (second.path, second.version)
        assert second.suite == "trixie"
        assert self.left() == ["bookworm-amd64", "docker-20.10.24-amd64", "trixie-amd64"]

    def test_two_runs_at_once_unpack_once(self) -> None:
        threads = [threading.Thread(target=unpack_docker) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert self.calls.read_text().count(" update") == 1

    def test_apt_fails(self) -> None:
        self.tool("apt-get", "echo 'E: the mirror is away' >&2; exit 100")
        with pytest.raises(ArchiveFault, match="the mirror is away"):
            unpack_docker()
        assert self.left() == []

    def test_a_damaged_package(self) -> None:
        self.tool("dpkg-deb", "case $1 in --field) echo 20.10.24-1;; *) echo 'damaged' >&2; exit 2;; esac")
        with pytest.raises(ArchiveFault, match="damaged"):
            unpack_docker()
        assert self.left() == []

    def test_disk_full(self) -> None:
        self.tool("apt-get", "echo 'E: Write error - write (28: No space left on device)' >&2; exit 100")
        with pytest.raises(DiskFull):
            unpack_docker()

    def test_what_a_killed_run_left_does_not_disturb(self) -> None:
        stale = self.cache / "roots/.bookworm-amd64.new/root/usr/bin/half"
        stale.parent.mkdir(parents=True)
        stale.touch()
        assert not (unpack_docker().path / "usr/bin/half").exists()

    def test_a_cache_that_cannot_be_written(self) -> None:
        self.cache.write_text("a file where the folder should be")
        with pytest.raises(ArchiveFault, match="CMDPOINT_CACHE"):
            unpack_docker()

    @pytest.mark.parametrize("suite", ["../sid", "sid/", "-o", "Sid"])
    def test_no_suite(self, suite: str) -> None:
        with pytest.raises(UnknownEngine):
            unpack_docker(suite)

    def test_neither_debian_nor_ubuntu(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(
            platform, "freedesktop_os_release", lambda: {"ID": "fedora", "VERSION_CODENAME": ""}
        )
        with pytest.raises(NoEngine, match="fedora"):
            unpack_docker()

    def test_debian_without_its_tools(self, monkeypatch: pytest.MonkeyPatch) -> None:
        (self.bin / "apt-get").unlink()
        monkeypatch.setenv("PATH", str(self.bin))
        with pytest.raises(NoEngine, match="without apt-get, tar"):
            unpack_docker()
