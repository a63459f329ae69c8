"""Find the distribution's own apt sources, and derive those for its other suites from them.

This module names no host: the addresses come from the machine's apt configuration.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from cmdpoint.engines.faults import ArchiveFault

Stanza = dict[str, str]
"""One apt source: the fields of a deb822 stanza, names in lower case."""

APT = Path("/etc/apt")
KEYRINGS = Path("/usr/share/keyrings")


def machine_sources(etc: Path, arch: str) -> list[Stanza]:
    """Read every enabled source of binary packages for an architecture from a folder such as ``/etc/apt``."""
    stanzas: list[Stanza] = []
    for path in [etc / "sources.list", *sorted((etc / "sources.list.d").glob("*"))]:
        if path.suffix in (".list", ".sources") and path.is_file():
            parse = parse_list if path.suffix == ".list" else parse_deb822
            stanzas += parse(path.read_text(errors="replace"))
    return [stanza for stanza in stanzas if arch in stanza.get("architectures", arch).split()]


def parse_list(text: str) -> list[Stanza]:
    """Read the one-line format of apt sources."""
    line = re.compile(r"^[ \t]*deb[ \t]+(?:\[([^\]]*)\][ \t]+)?(\S+)[ \t]+(\S+)([^#\n]*)", re.MULTILINE)
    long = {"arch": "architectures", "lang": "languages", "target": "targets"}
    stanzas: list[Stanza] = []
    for options, uri, suite, components in line.findall(text):
        stanza = {"types": "deb", "uris": uri, "suites": suite, "components": components.strip()}
        for name, value in re.findall(r"([\w-]+)=(\S+)", options):
            stanza[long.get(name, name)] = value.replace(",", " ") if name in long else value
        stanzas.append(stanza)
    return stanzas


def parse_deb822(text: str) -> list[Stanza]:
    """Read the deb822 format of apt sources; further lines of a field, such as a key, are not changed."""
    lines = "\n".join(line.rstrip() for line in text.splitlines() if not line.startswith("#"))
    stanzas: list[Stanza] = []
    for paragraph in re.split(r"\n{2,}", lines):
        fields = re.findall(r"^([\w-]+):[ \t]*(.*(?:\n[ \t].*)*)", paragraph, re.MULTILINE)
        stanza = {name.lower(): value for name, value in fields}
        enabled = stanza.get("enabled", "yes").lower() not in (
            "no",
            "false",
            "0",
            "off",
            "without",
            "disable",
        )
        if enabled and "deb" in stanza.get("types", "").split():
            stanzas.append({"components": "", "suites": "", "uris": "", **stanza, "types": "deb"})
    return stanzas


def sources_of(stanzas: Iterable[Stanza], distribution: str, own: str, suites: Iterable[str]) -> list[Stanza]:
    """Return sources of the distribution's archive for some of its suites.

    Args:
        stanzas: The machine's sources.
        distribution: The ID in os-release.
        own: The suite that the machine runs.
        suites: The suites to read.

    Raises:
        ArchiveFault: No source is that of the distribution's archive.
    """
    own_ones, model = _distributions(list(stanzas), own)
    if distribution == "ubuntu":
        # Engines are in universe, which the machine may be configured to ignore.
        model["components"] = " ".join(dict.fromkeys([*model["components"].split(), "universe"]))
    pockets = _pockets(own)
    chosen: list[Stanza] = []
    for suite in dict.fromkeys(own if suite in pockets else suite for suite in suites):
        if suite != own:
            chosen.append(_for_suite(model, distribution, suite))
            continue
        chosen += own_ones
        if distribution == "ubuntu" and not any("universe" in s["components"].split() for s in own_ones):
            chosen.append({**model, "components": "universe"})
    return chosen


def _pockets(own: str) -> set[str]:
    return {own, f"{own}-updates", f"{own}-security"}


def _distributions(stanzas: list[Stanza], own: str) -> tuple[list[Stanza], Stanza]:
    """The sources for the machine's own suite, and a model with all components for other suites.

    Vendors use the distribution's suite names too, but only its own archive also has the pockets for updates
    and security. So the address with most of these pockets counts as the distribution's.
    """
    pockets = _pockets(own)
    stanzas = [s for s in stanzas if pockets & {*s["suites"].split()} and "cdrom:" not in s["uris"]]
    offered = {
        s["uris"]: {p for o in stanzas if o["uris"] == s["uris"] for p in o["suites"].split()}
        for s in stanzas
    }
    main = [s for s in stanzas if own in s["suites"].split() and "main" in s["components"].split()]
    if not main:
        raise ArchiveFault(
            f"no apt source of this machine offers {own!r}",
            "only the distribution's own archive is used, found by its suite and the component main",
            "add the distribution's archive to the apt sources, or name a daemon with DOCKER_HOST",
        )
    best = max(main, key=lambda s: len(pockets & offered[s["uris"]]))
    at_best = [s for s in stanzas if s["uris"] == best["uris"]]
    elsewhere = [s for s in stanzas if own not in s["suites"].split() and s not in at_best]
    components = dict.fromkeys(c for s in at_best for c in s["components"].split())
    return [
        {**s, "suites": " ".join(p for p in s["suites"].split() if p in pockets)}
        for s in [*at_best, *elsewhere]
    ], {**best, "suites": own, "components": " ".join(components)}


def _for_suite(model: Stanza, distribution: str, suite: str) -> Stanza:
    """The source of the distribution's archive for another suite."""
    # On a frozen mirror, the index of a rolling suite expires. Its signature is still checked.
    other = {**model, "suites": suite, "check-valid-until": "no"}
    # The entry may name only the key of its own release; the distribution's keyring has all keys.
    if (keyring := KEYRINGS / f"{distribution}-archive-keyring.gpg").exists():
        other["signed-by"] = str(keyring)
    return other
