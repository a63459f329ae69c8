"""`python -m cmdpoint.conformance.recording.curate`: choose which observations are part of the project.

The choice has each rule several times, with each way in which targets differ on it, in the smallest cases
that show it. Targets with the same result share a line. The same files give the same choice.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from cmdpoint.conformance.recording.cases import ledger_cases
from cmdpoint.conformance.recording.record import FOLDER
from cmdpoint.engines.faults import Fault
from cmdpoint.observations.reader import ObservationReader
from cmdpoint.observations.records import Header, Observation, Result, Target, line
from cmdpoint.observations.targets import has_other_runtime
from cmdpoint.observations.writer import write
from cmdpoint.oracle import Case, predict
from cmdpoint.oracle.comparison import LEVELS, Level, agree, expected_at, steps_tested
from cmdpoint.oracle.interchange.case import case_data
from cmdpoint.oracle.interchange.outcome import observed_data
from cmdpoint.oracle.outcome import Refusal

RECORDED: Final = Path(__file__).parents[2] / "observations" / "recorded" / "engines.jsonl"
"""The default file, which the tests replay."""

CASES: Final = 3300
"""The number of chosen cases."""

ROOM: Final = 4_000_000
"""The maximum size of the file in bytes."""

LONGEST: Final = 8_000
"""The maximum size of a case in bytes: a word of 131,072 characters is run on engines, but not recorded."""


@dataclass
class Candidate:
    """A case at a level, with its results.

    Attributes:
        case: The case.
        level: The level.
        seen: The results by target.
        shows: The reasons to choose the case.
        diverging: The targets that diverge from the oracle.
    """

    case: Case
    level: Level
    seen: dict[str, Result] = field(default_factory=dict)
    shows: frozenset[object] = frozenset()
    diverging: list[str] = field(default_factory=list)

    def lines(self) -> list[Observation]:
        """Return an observation for each group of targets with the same result."""
        alike: dict[str, list[str]] = {}
        for target in sorted(self.seen):
            alike.setdefault(_text(self.seen[target]), []).append(target)
        groups = sorted(alike.values())
        return [Observation(self.case, self.level, tuple(some), self.seen[some[0]]) for some in groups]

    def order(self) -> tuple[int, str, str]:
        """A sort key: the smallest case first, and different for any two cases."""
        text = json.dumps(case_data(self.case))
        return len(text), text, self.level


def main(arguments: Sequence[str] | None = None) -> int:
    """Choose, and return the exit code of the process."""
    parser = argparse.ArgumentParser(
        prog="python -m cmdpoint.conformance.recording.curate", description=__doc__
    )
    parser.add_argument("files", type=Path, nargs="*", help=f"the recordings (default: all in {FOLDER})")
    parser.add_argument("-o", "--output", type=Path, default=RECORDED, help="the file for the chosen cases")
    parser.add_argument("--cases", type=int, default=CASES, help="the number of cases (%(default)s)")
    options = parser.parse_args(arguments)
    try:
        curate(options.files or sorted(FOLDER.glob("*.jsonl")), options.output, options.cases)
    except Fault as fault:
        print(fault, file=sys.stderr)
        return fault.exit_code
    return 0


def curate(files: Sequence[Path], output: Path, count: int = CASES) -> None:
    """Choose cases from files, write them to a file, and print a summary.

    Raises:
        Fault: A file cannot be read.
        UnknownDialect: A target has no dialect.
    """
    targets, header, everything = _read(files)
    whole = [each for each in everything if _is_complete(each, targets) and _is_settled(each, targets)]
    print(f"{len(everything):,} cases, {len(whole):,} of them observed on all of {len(targets)} targets")
    for each in whole:
        _compare(each, targets)
    chosen = choose(whole, count)
    chosen.sort(key=lambda each: (LEVELS.index(each.level), each.order()))
    observed = {target for each in chosen for target in each.seen}
    header = replace(
        header, targets={name: target for name, target in header.targets.items() if name in observed}
    )
    output.parent.mkdir(parents=True, exist_ok=True)
    write(output, header, (one for each in chosen for one in each.lines()))
    size = output.stat().st_size
    print(f"{len(chosen):,} chosen, {dict(Counter(each.level for each in chosen))}, {size:,} bytes: {output}")
    with_divergence = [each for each in chosen if each.diverging]
    print(f"{len(with_divergence):,} of them diverge on some target")
    for each in with_divergence[:10]:
        print(f"  {each.level} of {each.case} at {', '.join(each.diverging)}")


def choose(candidates: Iterable[Candidate], count: int) -> list[Candidate]:
    """Choose some of the cases.

    All divergences and all examples of DIVERGENCES.md are chosen. The other cases are chosen in rounds, the
    smallest first: the first round takes each case that shows something new, the second each that shows
    something which only one case has shown so far, and so on.
    """
    candidates = sorted(candidates, key=Candidate.order)
    shown_anyway = set(ledger_cases())
    chosen = [each for each in candidates if each.diverging or each.case in shown_anyway]
    left = [each for each in candidates if not (each.diverging or each.case in shown_anyway)]
    shown: Counter[object] = Counter()
    room = ROOM
    for many in range(1, len(candidates) + 1):
        skipped = []
        for each in left:
            if len(chosen) >= count:
                return chosen
            if all(shown[one] >= many for one in each.shows):
                skipped.append(each)
                continue
            size = sum(len(line(one)) for one in each.lines())
            if size > min(room, LONGEST):
                continue
            room -= size
            shown.update(each.shows)
            chosen.append(each)
        left = skipped
    return chosen


def _read(files: Sequence[Path]) -> tuple[dict[str, Target], Header, list[Candidate]]:
    """Read the targets, a header for the chosen cases, and the cases whose results did not change."""
    targets: dict[str, Target] = {}
    found: dict[tuple[Case, Level], Candidate] = {}
    unsure: set[tuple[Case, Level]] = set()
    dates, seeds = [], set()
    for path in files:
        with ObservationReader(path) as reader:
            for each in reader:
                if isinstance(each, Observation):
                    key = each.case, each.level
                    candidate = found.setdefault(key, Candidate(*key))
                    for target in each.targets:
                        if _text(candidate.seen.setdefault(target, each.result)) != _text(each.result):
                            unsure.add(key)
            targets |= reader.targets
            dates.append(reader.header.date)
            seeds.add(reader.header.seed)
    header = Header(
        max(dates, default=""), seeds.pop() if len(seeds) == 1 else None, dict(sorted(targets.items()))
    )
    return targets, header, [each for key, each in found.items() if key not in unsure]


def _is_complete(candidate: Candidate, targets: Mapping[str, Target]) -> bool:
    """Whether all targets have a result, except those with another runtime, which have only some cases."""
    return all(target in candidate.seen or has_other_runtime(target) for target in targets)


def _is_settled(candidate: Candidate, targets: Mapping[str, Target]) -> bool:
    """Whether no target has a random result."""
    return all(predict(candidate.case, targets[target].dialect).is_settled for target in candidate.seen)


def _compare(candidate: Candidate, targets: Mapping[str, Target]) -> None:
    """Determine what a case shows, and on which targets it diverges."""
    applied: dict[str, set[str]] = defaultdict(set)
    alike = {target: at for at, some in enumerate(candidate.lines()) for target in some.targets}
    for target, seen in candidate.seen.items():
        prediction = predict(candidate.case, targets[target].dialect)
        if not agree(expected_at(candidate.level, prediction), seen):
            candidate.diverging.append(target)
        for step in steps_tested(candidate.level, prediction, seen):
            applied[step.rule].add(target)
    differing = tuple(sorted(alike.items()))
    rules = {(candidate.level, rule, differing, len(at)) for rule, at in applied.items()}
    candidate.shows = frozenset(rules | set(_ends(candidate, differing)))


def _ends(candidate: Candidate, differing: object) -> Iterator[object]:
    for seen in candidate.seen.values():
        if isinstance(seen, Refusal):
            yield candidate.level, seen.phase, seen.kind, differing


def _text(seen: Result) -> str:
    return json.dumps(observed_data(seen), sort_keys=True)


if __name__ == "__main__":
    sys.exit(main())
