"""The suites that a distribution may have, by its own list; the mirror may lack some of them."""

import csv
import datetime
from pathlib import Path
from typing import Final

from cmdpoint.engines.distribution.apt import Apt, Machine, run
from cmdpoint.engines.faults import ArchiveFault

DISTRO_INFO: Final = Path("/usr/share/distro-info")
"""The folder with the lists of the package `distro-info-data`."""

POCKETS: Final = ("-updates", "-backports")
"""The ends of the names of suites that only add packages to a suite; security has its own address."""


def candidate_suites(machine: Machine, apt: Apt, today: datetime.date) -> list[str]:
    """Return the suites that may exist, the oldest first and rolling suites last.

    Args:
        machine: The machine whose distribution is meant.
        apt: Downloads the list if the machine does not have it.
        today: The date; suites that begin later are left out.

    Raises:
        ArchiveFault: There is no list.
    """
    names = _series(_list(machine, apt), today)
    return [suite for name in names for suite in (name, *(f"{name}{pocket}" for pocket in POCKETS))]


def with_its_base(suite: str, distribution: str) -> list[str]:
    """Return a suite together with the suite that it adds to, which has the dependencies of its packages."""
    for pocket in POCKETS:
        if suite.endswith(pocket):
            return [suite.removesuffix(pocket), suite]
    return ["sid", suite] if (distribution, suite) == ("debian", "experimental") else [suite]


def _series(text: str, today: datetime.date) -> list[str]:
    rows = [
        row
        for row in csv.DictReader(text.splitlines())
        if row.get("series") and row.get("created") and row["created"] <= today.isoformat()
    ]
    # A suite without a version is a rolling one, and comes last.
    rows.sort(key=lambda row: (not row["version"], row["created"] if row["version"] else ""))
    return [row["series"] for row in rows]


def _list(machine: Machine, apt: Apt) -> str:
    """The machine's list, or else that of the archive's package, which is not installed."""
    name = f"{machine.distribution}.csv"
    try:
        return (DISTRO_INFO / name).read_text("utf-8")
    except FileNotFoundError:
        pass
    apt.update()
    for package in apt.fetch(["distro-info-data"]):
        if package.name.startswith("distro-info-data_"):
            member = f"./usr/share/distro-info/{name}"
            unpack = 'dpkg-deb --fsys-tarfile "$1" | tar --extract --to-stdout "$2"'
            return run("unpacking distro-info-data", ["sh", "-euc", unpack, "sh", str(package), member])
    raise ArchiveFault(
        "the distribution's suites are not known",
        f"{DISTRO_INFO / name} does not exist, and the archive has no package distro-info-data",
        "install distro-info-data, or name a suite",
    )
