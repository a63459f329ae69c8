"""Which suites a distribution may have, by its own list; which it really offers, its mirror says."""

import csv
import datetime
from pathlib import Path
from typing import Final

from cmdpoint.engines.distribution.apt import Apt, Machine, run
from cmdpoint.engines.faults import ArchiveFault

DISTRO_INFO: Final = Path("/usr/share/distro-info")
"""Where the package `distro-info-data` puts the lists."""

POCKETS: Final = ("-updates", "-backports")
"""What stands behind a suite's name in that of a suite that only adds to it; security's are elsewhere."""


def candidate_suites(machine: Machine, apt: Apt, today: datetime.date) -> list[str]:
    """Return the suites that there may be, the oldest first, and the moving ones last.

    Args:
        machine: Whose distribution is meant.
        apt: Fetches the list where the machine lacks it.
        today: Suites that are not begun by then are left out.

    Raises:
        ArchiveFault: There is no list.
    """
    names = _series(_list(machine, apt), today)
    return [suite for name in names for suite in (name, *(f"{name}{pocket}" for pocket in POCKETS))]


def with_its_base(suite: str, distribution: str) -> list[str]:
    """Return a suite with that which it only adds to, without which its packages lack what they need."""
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
    # What has no version is never released: it moves, and comes last.
    rows.sort(key=lambda row: (not row["version"], row["created"] if row["version"] else ""))
    return [row["series"] for row in rows]


def _list(machine: Machine, apt: Apt) -> str:
    """The list as the machine has it, or else out of the archive's package; nothing is installed."""
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
        f"neither {DISTRO_INFO / name} nor the package distro-info-data is there",
        "install distro-info-data, or name a suite",
    )
