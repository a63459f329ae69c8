"""Which apt sources are the distribution's own, and which suites it may have."""

import datetime
from pathlib import Path

import pytest

from cmdpoint.engines.cache import silent
from cmdpoint.engines.distribution import suites
from cmdpoint.engines.distribution.apt import Apt, Machine
from cmdpoint.engines.distribution.sources import (
    Stanza,
    machine_sources,
    parse_deb822,
    parse_list,
    sources_of,
)
from cmdpoint.engines.distribution.suites import candidate_suites, with_its_base
from cmdpoint.engines.faults import ArchiveFault

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
    assert sources_of([vendor, pocket, own, security], "debian", "bookworm", ["bookworm"]) == [
        source("http://mirror.example/", "bookworm bookworm-updates"),
        security,
    ]


def test_another_suite_comes_from_the_same_mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cmdpoint.engines.distribution.sources.KEYRINGS", tmp_path)
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
    assert sources_of(sources, "ubuntu", "jammy", ["noble"]) == [expected]
    (keyring := tmp_path / "ubuntu-archive-keyring.gpg").touch()
    assert sources_of(sources, "ubuntu", "jammy", ["noble"]) == [{**expected, "signed-by": str(keyring)}]


def test_the_machines_own_suite_comes_with_its_pockets_and_once() -> None:
    own = source("http://m.example/", "bookworm bookworm-updates")
    chosen = sources_of([own], "debian", "bookworm", ["bookworm", "bookworm-updates", "sid"])
    assert [stanza["suites"] for stanza in chosen] == ["bookworm bookworm-updates", "sid"]


def test_universe_is_read_where_the_machine_leaves_it_alone() -> None:
    chosen = sources_of([source("http://m.example/", "noble")], "ubuntu", "noble", ["noble", "jammy"])
    assert [(stanza["suites"], stanza["components"]) for stanza in chosen] == [
        ("noble", "main"),
        ("noble", "universe"),
        ("jammy", "main universe"),
    ]


def test_no_source_of_the_distribution() -> None:
    with pytest.raises(ArchiveFault, match="bookworm"):
        sources_of([source("http://vendor.example/", "bookworm", "stable")], "debian", "bookworm", ["sid"])


DISTRO_INFO = """\
version,codename,series,created,release,eol
11,Bullseye,bullseye,2019-07-06,2021-08-14,2024-08-14
14,Forky,forky,2025-08-09
15,Duke,duke,2027-08-01
,Sid,sid,1993-08-16
,Experimental,experimental,1993-08-16
10,Buster,buster,2017-06-17,2019-07-06,2022-09-10
"""


def test_candidate_suites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest comes first, rolling suites last, future suites not at all; each has its pockets."""
    monkeypatch.setattr(suites, "DISTRO_INFO", tmp_path)
    (tmp_path / "debian.csv").write_text(DISTRO_INFO)
    machine = Machine("debian", "bullseye", "amd64")
    apt = Apt(tmp_path / "apt", [], "amd64", silent)
    names = candidate_suites(machine, apt, datetime.date(2026, 11, 25))
    assert [name for name in names if "-" not in name] == [
        "buster",
        "bullseye",
        "forky",
        "sid",
        "experimental",
    ]
    assert names[:3] == ["buster", "buster-updates", "buster-backports"]


@pytest.mark.parametrize(
    ("suite", "base"),
    [
        ("trixie", ["trixie"]),
        ("experimental", ["sid", "experimental"]),
        ("noble-updates", ["noble", "noble-updates"]),
        ("trixie-backports", ["trixie", "trixie-backports"]),
    ],
)
def test_a_suite_that_only_adds_comes_with_what_it_adds_to(suite: str, base: list[str]) -> None:
    assert with_its_base(suite, "debian") == base
