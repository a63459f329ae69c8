"""The list of engines that the distribution offers: the versions in every suite that the mirror has.

The list stays in the cache for a day, because it needs the indices of all suites.
"""

import datetime
import json
import re
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Final, Self

from cmdpoint.engines.cache import Progress, cache_folder, locked, silent, usable_cache
from cmdpoint.engines.distribution.apt import Apt, Machine, this_machine
from cmdpoint.engines.distribution.sources import APT, machine_sources, sources_of
from cmdpoint.engines.distribution.suites import candidate_suites
from cmdpoint.engines.faults import ArchiveFault, UnknownEngine
from cmdpoint.engines.products import PRODUCTS

LIFETIME: Final = datetime.timedelta(days=1)
"""How long a list is current."""


@dataclass(frozen=True)
class AvailableEngine:
    """An engine that the distribution offers.

    Attributes:
        product: `docker` or `podman`.
        version: Its upstream version, such as `20.10.24`.
        package_version: Its version in the distribution.
        suites: The suites that have it, the most stable one first.
    """

    product: str
    version: str
    package_version: str
    suites: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the engine, such as `docker-20.10.24`."""
        return f"{self.product}-{self.version}"


@dataclass(frozen=True)
class AvailableEngines:
    """The engines that a distribution offers.

    Attributes:
        machine: The machine that read the archive.
        date: When it was read.
        offers: The engines, the newest of each product first.
    """

    machine: Machine
    date: datetime.datetime
    offers: tuple[AvailableEngine, ...]

    @classmethod
    def known(cls, progress: Progress = silent, *, refresh: bool = False) -> Self:
        """Return the list from the cache if it is current; otherwise read the archive.

        Args:
            progress: Receives progress messages.
            refresh: Whether to read the archive in any case.

        Raises:
            NoEngine: This machine is neither Debian nor Ubuntu.
            ArchiveFault: The archive cannot be reached, and there is no older list.
            DiskFull: The disk is full.
        """
        machine = this_machine()
        folder = cache_folder()
        path = folder / f"available-{machine.distribution}-{machine.arch}.json"
        with usable_cache():
            (folder / "index").mkdir(parents=True, exist_ok=True)
            lock = locked(
                folder / "index/.lock", lambda: progress("waiting for another run that reads the archive")
            )
            with lock:
                cached = cls._read(machine, path.read_text("utf-8") if path.exists() else "")
                if cached and not refresh and cached.is_current:
                    return cached
                try:
                    found = cls._read_archive(machine, progress)
                except ArchiveFault as fault:
                    if cached is None or refresh:
                        raise
                    day = f"{cached.date:%Y-%m-%d}"
                    progress(f"the archive cannot be reached ({fault.why}); using its list of {day}")
                    return cached
                new = path.with_suffix(".new")
                new.write_text(found._text(), "utf-8")
                new.replace(path)
                return found

    @property
    def is_current(self) -> bool:
        """Whether the list is recent enough not to read the archive again."""
        return abs(datetime.datetime.now(datetime.UTC) - self.date) < LIFETIME

    @property
    def was_just_read(self) -> bool:
        """Whether the list is so recent that the archive has probably not changed."""
        return abs(datetime.datetime.now(datetime.UTC) - self.date) < LIFETIME / 100

    def of_version(self, product: str, version: str) -> AvailableEngine:
        """Return the newest engine whose version is this one or begins with these numbers.

        Raises:
            UnknownEngine: There is no such engine.
        """
        same = [
            offer
            for offer in self.offers
            if offer.product == product and f"{offer.version}.".startswith(f"{version}.")
        ]
        if same:
            return max(same, key=lambda offer: tuple(map(int, offer.version.split("."))))
        raise self._unknown(
            f"{product}-{version}", f"no suite of {self.machine.distribution} offers {product}-{version}"
        )

    def of_suite(self, product: str, suite: str) -> AvailableEngine:
        """Return the newest engine of a suite, including its updates and security updates.

        Raises:
            UnknownEngine: The suite has no such engine.
        """
        pockets = {suite, f"{suite}-updates", f"{suite}-security"}
        for offer in self.offers:
            if offer.product == product and pockets.intersection(offer.suites):
                return offer
        raise self._unknown(
            product, f"{self.machine.distribution}'s archive has no {PRODUCTS[product].package} in {suite!r}"
        )

    def _unknown(self, name: str, what: str) -> UnknownEngine:
        suites = {offer.name: ", ".join(offer.suites) for offer in self.offers}
        nearest = get_close_matches(name, list(suites), n=3, cutoff=0)
        has = ", ".join(f"{each} ({suites[each]})" for each in nearest)
        return UnknownEngine(
            what,
            f"on {self.date:%Y-%m-%d at %H:%M} UTC the nearest engines in it were {has or 'none'}",
            "name one of these, or an address; `cmdpoint engines list --refresh` reads the archive again",
        )

    @classmethod
    def _read_archive(cls, machine: Machine, progress: Progress) -> Self:
        progress("reading the package indices of all suites of the distribution")
        sources = machine_sources(APT, machine.arch)

        def apt_for(suites: list[str]) -> Apt:
            chosen = sources_of(sources, machine.distribution, machine.suite, suites)
            return Apt(cache_folder() / "index", chosen, machine.arch, progress)

        now = datetime.datetime.now(datetime.UTC)
        suites = candidate_suites(machine, apt_for([machine.suite]), now.date())
        apt = apt_for([machine.suite, *suites])
        apt.update(require_all=False)
        packages = {product.package: product.name for product in PRODUCTS.values()}
        found: dict[tuple[str, str], list[str]] = {}
        for each in apt.versions(*packages):
            found.setdefault((each.package, each.version), []).append(each.suite)
        rank = {suite: position for position, suite in enumerate(suites)}
        offers: dict[str, AvailableEngine] = {}
        for (package, version), having in found.items():
            by_stability = sorted(dict.fromkeys(having), key=lambda suite: rank.get(suite, -1))
            offer = AvailableEngine(packages[package], upstream(version), version, tuple(by_stability))
            offers.setdefault(offer.name, offer)
        if not offers:
            raise ArchiveFault(
                "the distribution's archive has no engine",
                f"{' and '.join(packages)} are in none of its suites",
                "check that `apt-get update` works on this machine, or name a daemon with DOCKER_HOST",
            )
        return cls(machine, now, tuple(offers.values()))

    def _text(self) -> str:
        return json.dumps({**asdict(self), "date": self.date.isoformat()}, indent=1)

    @classmethod
    def _read(cls, machine: Machine, text: str) -> Self | None:
        try:
            data = json.loads(text)
            offers = tuple(
                AvailableEngine(**{**each, "suites": tuple(each["suites"])}) for each in data["offers"]
            )
            return cls(machine, datetime.datetime.fromisoformat(data["date"]), offers)
        except (ValueError, KeyError, TypeError):
            # There is no file, or another version of cmdpoint wrote it.
            return None


def upstream(package_version: str) -> str:
    """The upstream version of a package: `20.10.24` for `5:20.10.24+dfsg1-1`.

    If the upstream project only has dates, the distribution writes `0.0~` before them.
    """
    numbers = re.match(r"(?:\d+:)?(?:0\.0~)?(\d+(?:\.\d+)*)", package_version)
    return numbers[1] if numbers else package_version
