"""The distribution's archive: its engines, and how to unpack them, with the real apt and a small mirror."""

import datetime
import json
import platform
import threading
from pathlib import Path

import pytest

from cmdpoint.engines.distribution import suites
from cmdpoint.engines.distribution.archive import Root
from cmdpoint.engines.distribution.available import AvailableEngines
from cmdpoint.engines.distribution.names import EngineName, root_of
from cmdpoint.engines.faults import ArchiveFault, DiskFull, NoEngine, UnknownEngine
from tests.unit.mirror import Mirror, needs_apt

ROOT = Path(__file__).parents[2]

pytestmark = [needs_apt, pytest.mark.slow]


def left(tmp_path: Path) -> list[str]:
    """The names in the folder of roots, without locks."""
    return sorted(p.name for p in (tmp_path / "cache/roots").iterdir() if not p.name.endswith(".lock"))


@pytest.mark.usefixtures("empty_cache")
def test_what_the_archive_offers(mirror: Mirror) -> None:
    """Every suite is tried; those that do not exist or are not signed are left out."""
    found = AvailableEngines.known()
    assert {(each.name, each.package_version, each.suites) for each in found.offers} == {
        ("docker-28.5.2", "28.5.2-5", ("sid",)),
        ("docker-20.10.24", "5:20.10.24+dfsg1-1+b6", ("old",)),
        ("podman-6.1.1", "6.1.1-1", ("experimental",)),
        ("podman-5.8.6", "5.8.6-1", ("sid",)),
    }


@pytest.mark.usefixtures("empty_cache")
def test_the_answer_is_cached_for_a_day(mirror: Mirror, tmp_path: Path) -> None:
    first = AvailableEngines.known()
    mirror.requested.clear()
    assert AvailableEngines.known() == first
    assert mirror.requested == []
    assert AvailableEngines.known(refresh=True).date > first.date
    (path,) = (tmp_path / "cache").glob("available-*.json")
    data = json.loads(path.read_text())
    yesterday = datetime.datetime.fromisoformat(data["date"]) - datetime.timedelta(days=1)
    path.write_text(json.dumps({**data, "date": yesterday.isoformat()}))
    mirror.requested.clear()
    assert AvailableEngines.known().is_current
    assert mirror.requested


def test_an_old_answer_is_better_than_none(mirror: Mirror, tmp_path: Path) -> None:
    first = AvailableEngines.known()
    (path,) = (tmp_path / "cache").glob("available-*.json")
    path.write_text(path.read_text().replace(first.date.isoformat()[:4], "2001", 1))
    (tmp_path / "sources.list").write_text("deb http://127.0.0.1:1/debian old main\n")
    messages: list[str] = []
    assert AvailableEngines.known(messages.append).offers == first.offers
    assert any("cannot be reached" in each for each in messages)
    with pytest.raises(ArchiveFault):
        AvailableEngines.known(refresh=True)


@pytest.mark.usefixtures("empty_cache")
def test_the_list_of_suites_comes_from_the_archive_where_the_machine_has_none(
    mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = "usr/share/distro-info/debian.csv"
    info = mirror.package("distro-info-data", "0.1", {target: (tmp_path / "debian.csv").read_text()})
    mirror.suite("old", [*(mirror.folder / "pool").glob("base_*"), info])
    monkeypatch.setattr(suites, "DISTRO_INFO", tmp_path / "nothing")
    assert {each.name for each in AvailableEngines.known().offers} >= {"docker-28.5.2", "podman-6.1.1"}


def test_root(mirror: Mirror, tmp_path: Path, arch: str) -> None:
    root = root_of(EngineName("docker", suite="sid"))
    assert root == Root(tmp_path / f"cache/roots/docker-28.5.2-{arch}", "docker", "28.5.2")
    # A package's ./lib must not replace the link of the merged /usr.
    assert (root.path / "lib").is_symlink()
    assert (root.path / "usr/lib/base.txt").read_text() == "base"
    assert {p.name for p in (root.path / "usr/bin").iterdir()} == {"tool", "docker"}
    assert left(tmp_path) == [f"docker-28.5.2-{arch}", f"docker-sid-{arch}"]


def test_by_version_and_an_unfinished_suite_takes_the_rest_from_its_base(mirror: Mirror) -> None:
    root = root_of(EngineName("podman", version="6.1.1"))
    assert (root.path / "usr/bin/podman").read_text() == "6"
    assert (root.path / "usr/bin/helper").read_text() == "2"


@pytest.mark.parametrize(
    ("name", "root"),
    [
        ("docker-28", "docker-28.5.2"),
        ("v28.5.2", "docker-28.5.2"),
        ("20.10", "docker-20.10.24"),
        ("podman-6", "podman-6.1.1"),
    ],
)
def test_names_as_people_write_them(mirror: Mirror, name: str, root: str) -> None:
    """A partial version means the newest version that begins with these numbers."""
    assert root_of(EngineName.of(name)).name == root
    with pytest.raises(UnknownEngine):
        root_of(EngineName.of("docker-2"))


def test_what_is_unpacked_needs_no_network(mirror: Mirror) -> None:
    first = root_of(EngineName("docker", suite="old"))
    assert root_of(EngineName("docker", version="20.10.24")) == first
    mirror.requested.clear()
    assert root_of(EngineName("docker", suite="old")) == first
    assert mirror.requested == []


def test_a_current_list_answers_for_what_is_not_in_it(mirror: Mirror) -> None:
    """Nothing is downloaded, and the message says when the list was read and how to read it again."""
    AvailableEngines.known()
    (path,) = (mirror.folder.parent / "cache").glob("available-*.json")
    for age in (datetime.timedelta(minutes=1), datetime.timedelta(hours=23)):
        data = json.loads(path.read_text())
        read = datetime.datetime.now(datetime.UTC) - age
        path.write_text(json.dumps({**data, "date": read.isoformat()}))
        mirror.requested.clear()
        for name in (EngineName("docker", version="99.9"), EngineName("docker", suite="nowhere")):
            with pytest.raises(UnknownEngine, match=f"on {read:%Y-%m-%d at %H:%M} UTC") as raised:
                root_of(name, latest=True)
            assert "--refresh" in raised.value.remedy
        assert mirror.requested == []


def test_a_suite_moves_on(mirror: Mirror) -> None:
    """A suite means the unpacked version until the latest is requested; a new list has the new version."""
    before = root_of(EngineName("docker", suite="sid"))
    pool = mirror.folder / "pool"
    new = mirror.package("docker.io", "29.0.1-1", {"usr/sbin/dockerd": "29"}, "base")
    mirror.suite("sid", [new, *pool.glob("base_*")])
    assert root_of(EngineName("docker", suite="sid")) == before
    AvailableEngines.known(refresh=True)
    assert root_of(EngineName("docker", version="29.0.1")).version == "29.0.1"
    assert root_of(EngineName("docker", suite="sid"), latest=True).version == "29.0.1"
    assert root_of(EngineName("docker", suite="sid")).version == "29.0.1"


def test_two_runs_at_once_unpack_once(mirror: Mirror) -> None:
    threads = [threading.Thread(target=root_of, args=[EngineName("docker", suite="old")]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [name for name, _ in mirror.requested].count("docker.io_520.10.24+dfsg1-1+b6_amd64.deb") == 1


def test_downloads_report_progress(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cmdpoint.engines.distribution.apt.PROGRESS_SECONDS", 0.0)
    messages: list[str] = []
    root_of(EngineName("docker", suite="sid"), messages.append)
    assert any("downloading docker.io=28.5.2-5 and docker-cli" in each for each in messages)
    assert any("%" in each for each in messages)


def test_a_package_that_is_not_the_one_that_was_signed(mirror: Mirror, tmp_path: Path) -> None:
    (path,) = (mirror.folder / "pool").glob("docker.io_5*")
    path.write_bytes(path.read_bytes().replace(b"xxxx", b"yyyy"))
    with pytest.raises(ArchiveFault, match="Hash Sum mismatch"):
        root_of(EngineName("docker", suite="old"))
    assert left(tmp_path) == [f".docker-20.10.24-{AvailableEngines.known().machine.arch}.new"]


@pytest.mark.usefixtures("empty_cache")
def test_a_mirror_that_does_not_answer(mirror: Mirror, tmp_path: Path) -> None:
    (tmp_path / "sources.list").write_text("deb http://127.0.0.1:1/debian old main\n")
    with pytest.raises(ArchiveFault, match=r"127\.0\.0\.1"):
        root_of(EngineName("docker", suite="old"))


@pytest.mark.parametrize(
    "wanted",
    [EngineName("docker", version="1.2.3"), EngineName("podman"), EngineName("docker", suite="experimental")],
)
def test_what_is_not_offered(mirror: Mirror, wanted: EngineName) -> None:
    with pytest.raises(UnknownEngine, match=r"nearest engines in it were .*(docker|podman)-\d"):
        root_of(wanted)


def test_disk_full(mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If tar reports a full disk, that is a fault of its own kind."""
    tar = tmp_path / "bin/tar"
    tar.parent.mkdir()
    tar.write_text("#!/bin/sh\necho 'tar: ./x: Cannot write: No space left on device' >&2\nexit 2\n")
    tar.chmod(0o755)
    monkeypatch.setenv("PATH", str(tar.parent), prepend=":")
    with pytest.raises(DiskFull):
        root_of(EngineName("docker", suite="old"))


@pytest.mark.usefixtures("empty_cache")
def test_a_cache_that_cannot_be_written(mirror: Mirror, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(ArchiveFault, match="CMDPOINT_CACHE"):
        root_of(EngineName("docker", suite="old"))


def test_neither_debian_nor_ubuntu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: {"ID": "fedora", "VERSION_CODENAME": ""})
    with pytest.raises(NoEngine, match="fedora"):
        root_of(EngineName("docker", suite="old"))


def test_debian_without_its_tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(
        platform, "freedesktop_os_release", lambda: {"ID": "debian", "VERSION_CODENAME": "bookworm"}
    )
    with pytest.raises(NoEngine, match="without apt-get"):
        root_of(EngineName("docker", suite="old"))


@pytest.mark.usefixtures("empty_cache")
def test_without_a_version_docker_is_the_newest_verified_one(mirror: Mirror) -> None:
    """It may come from any suite; a version that cmdpoint is not verified with is skipped."""
    pool = mirror.folder / "pool"
    new = mirror.package("docker.io", "99.0.1-1", {"usr/sbin/dockerd": "99"}, "base")
    mirror.suite("experimental", [new, *pool.glob("base_*")])
    first = root_of(EngineName("docker"))
    assert first.name == "docker-28.5.2"
    mirror.requested.clear()
    assert root_of(EngineName("docker")) == first
    assert mirror.requested == []


def test_if_the_newest_verified_docker_is_missing_the_own_suites_is_used(mirror: Mirror) -> None:
    """If its package cannot be downloaded, the machine's own suite is used, and one message says so."""
    for package in (mirror.folder / "pool").glob("docker.io_28*"):
        package.unlink()
    messages: list[str] = []
    assert root_of(EngineName("docker"), messages.append).name == "docker-20.10.24"
    (message,) = [each for each in messages if "newest verified" in each]
    assert message.startswith("using the Docker of old")


def test_without_a_mirror_the_unpacked_docker_is_used(mirror: Mirror, tmp_path: Path) -> None:
    """Without a list and without a mirror, the root that an earlier run unpacked is used."""
    before = root_of(EngineName("docker", suite="old"))
    (path,) = (tmp_path / "cache").glob("available-*.json")
    path.unlink()
    (tmp_path / "sources.list").write_text("deb http://127.0.0.1:1/debian old main\n")
    assert root_of(EngineName("docker")) == before
