"""`python -m tests.mutants`: make wrong oracles, and print the share of them that the evidence finds."""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from fnmatch import fnmatch
from typing import Final

from cmdpoint.conformance.profiles import load_profiles
from tests.mutants.code import parts
from tests.mutants.evidence import Item, dialects, evidence, pool
from tests.mutants.measure import Measured, Report, build_index, in_processes, measure
from tests.mutants.table import survivors, table, unreached

SEEDS: Final = range(11, 13)
"""Of the pool; none is that of what is recorded or of the quick run."""

EVERY: Final = 5.0
"""How many seconds pass between two lines of progress."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return what the process is to exit with."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument(
        "-k", dest="files", metavar="GLOB", default="*", help="only oracle/GLOB, dialects by name"
    )
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count() or 1, help="processes (%(default)s)")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="take only every N-th mutant")
    parser.add_argument("--unreached", action="store_true", help="list what no prediction reaches")
    options = parser.parse_args(arguments)
    load_profiles()
    report = _progress()
    items = [*evidence(), *_pool(options.jobs, report)]
    chosen = [part for part in parts() if fnmatch(part.file.removeprefix("oracle/"), options.files)]
    some = [dialect for dialect in dialects() if fnmatch(str(dialect), options.files)]
    index = build_index(items, options.jobs, report, lines=bool(chosen))
    code: list[Measured] = []
    values: list[Measured] = []
    for one in measure(index, chosen, some, report, jobs=options.jobs, every=options.every):
        (code if one.where.startswith("oracle/") else values).append(one)
    for title, measured in (("kind of code mutant", code), ("behaviour of a dialect", values)):
        if measured:
            _print(title, measured, list_unreached=options.unreached)
    return 0


def _pool(jobs: int, report: Report) -> list[Item]:
    found: list[Item] = []
    for number, some in enumerate(in_processes(pool, SEEDS, jobs), start=1):
        found += some
        report("pools generated", number, len(SEEDS))
    return found


def _print(title: str, measured: Sequence[Measured], *, list_unreached: bool) -> None:
    print(f"\n{table(title, measured)}")
    lists = {
        "neither replay nor the spec's examples find": survivors(measured, "both"),
        "a quick run does not find": survivors(measured, "quick"),
    }
    if list_unreached:
        lists["no prediction reaches"] = unreached(measured)
    for what, places in lists.items():
        print(f"\n{len(places):,} mutants that {what}:" if places else f"\nThere are no mutants that {what}.")
        print("".join(f"  {place}\n" for place in places), end="")


def _progress() -> Report:
    begin = last = time.monotonic()

    def report(what: str, done: int, of: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last > EVERY or done == of:
            last = now
            print(f"{now - begin:4.0f} s  {what}: {done:,} of {of:,}", file=sys.stderr, flush=True)

    return report


if __name__ == "__main__":
    sys.exit(main())
