"""Which engines the distribution offers: its suites, tested against the mirror, and what versions they have.

The answer is kept in the cache for a day, because it takes the indices of all suites to know it.
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

KEPT: Final = datetime.timedelta(days=1)
"""How long an answer is taken for today's."""


@dataclass(frozen=True)
class AvailableEngine:
    """An engine that the distribution offers.

    Attributes:
        product: `docker` or `podman`.
        version: Its upstream version, such as `20.10.24`.
        package_version: Its version as the distribution writes it.
        suites: The suites that have it, the most settled one first.
    """

    product: str
    version: str
    package_version: str
    suites: tuple[str, ...]

    @property
    def name(self) -> str:
        """What the engine is called, such as `docker-20.10.24`."""
        return f"{self.product}-{self.version}"


@dataclass(frozen=True)
class AvailableEngines:
    """What a distribution offers.

    Attributes:
        machine: The machine that reads the archive.
        date: When.
        offers: For each product the newest first.
    """

    machine: Machine
    date: datetime.datetime
    offers: tuple[AvailableEngine, ...]

    @classmethod
    def known(cls, progress: Progress = silent, *, refresh: bool = False) -> Self:
        """Return what was found out today, or find out.

        Args:
            progress: Receives progress messages.
            refresh: Find out in any case.

        Raises:
            NoEngine: This machine is neither Debian nor Ubuntu.
            ArchiveFault: The archive cannot be reached, and never was.
            DiskFull: There is no room for its indices.
        """
        machine = this_machine()
        folder = cache_folder()
        path = folder / f"available-{machine.distribution}-{machine.arch}.json"
        with usable_cache():
            (folder / "index").mkdir(parents=True, exist_ok=True)
            lock = locked(
                folder / "index/.lock", lambda: progress("waiting for another run's look at the archive")
            )
            with lock:
                kept = cls._read(machine, path.read_text("utf-8") if path.exists() else "")
                if kept and not refresh and kept.is_current:
                    return kept
                try:
                    found = cls._read_archive(machine, progress)
                except ArchiveFault as fault:
                    if kept is None or refresh:
                        raise
                    progress(
                        f"the archive cannot be reached ({fault.why}); using what it had {kept.date:%Y-%m-%d}"
                    )
                    return kept
                new = path.with_suffix(".new")
                new.write_text(found._text(), "utf-8")
                new.replace(path)
                return found

    @property
    def is_current(self) -> bool:
        """Whether it is recent enough not to read the archive again."""
        return abs(datetime.datetime.now(datetime.UTC) - self.date) < KEPT

    @property
    def was_just_read(self) -> bool:
        """Whether reading the archive again would hardly return anything else."""
        return abs(datetime.datetime.now(datetime.UTC) - self.date) < KEPT / 100

    def of_version(self, product: str, version: str) -> AvailableEngine:
        """Return the offer of a version, or the newest one whose version begins with these numbers.

        Raises:
            UnknownEngine: There is none.
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
        """Return the offer of a suite and of what updates it: the newest.

        Raises:
            UnknownEngine: There is none.
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
        progress("asking the distribution's archive which suites it has, and which engines they have")
        sources = machine_sources(APT, machine.arch)

        def apt_for(suites: list[str]) -> Apt:
            chosen = sources_of(sources, machine.distribution, machine.suite, suites)
            return Apt(cache_folder() / "index", chosen, machine.arch, progress)

        now = datetime.datetime.now(datetime.UTC)
        suites = candidate_suites(machine, apt_for([machine.suite]), now.date())
        apt = apt_for([machine.suite, *suites])
        apt.update(all_must_be_there=False)
        packages = {product.package: product.name for product in PRODUCTS.values()}
        found: dict[tuple[str, str], list[str]] = {}
        for each in apt.versions(*packages):
            found.setdefault((each.package, each.version), []).append(each.suite)
        rank = {suite: place for place, suite in enumerate(suites)}
        offers: dict[str, AvailableEngine] = {}
        for (package, version), having in found.items():
            settled = sorted(dict.fromkeys(having), key=lambda suite: rank.get(suite, -1))
            offer = AvailableEngine(packages[package], _upstream(version), version, tuple(settled))
            offers.setdefault(offer.name, offer)
        if not offers:
            raise ArchiveFault(
                "the distribution's archive has no engine",
                f"{' and '.join(packages)} are in none of its suites",
                "see that the machine's own `apt-get update` works, or name a daemon with DOCKER_HOST",
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
            # None yet, or one that another version of cmdpoint wrote.
            return None


def _upstream(package_version: str) -> str:
    """The version of what is packaged: `20.10.24` of `5:20.10.24+dfsg1-1`."""
    numbers = re.match(r"(?:\d+:)?(\d+(?:\.\d+)*)", package_version)
    return numbers[1] if numbers else package_version
