"""`python -m cmdpoint.conformance.recording.curate`: choose which recorded observations are kept.

What is wanted of a choice: each rule, with each way in which places part over it, several times over, and the
smallest cases that show it. What places did alike becomes one line. The same files give the same choice.
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
"""The file that is replayed, unless another is named."""

CASES: Final = 3300
"""How many cases are chosen."""

ROOM: Final = 4_000_000
"""How many bytes they may take up."""

LONGEST: Final = 8_000
"""How many bytes one case may take up: a word of 131,072 characters is run on engines, and not recorded."""


@dataclass
class Asked:
    """A case at a cost, and what was seen of it.

    Attributes:
        case: The case.
        level: The cost.
        seen: By place.
        shows: What the case is chosen for.
        surprises: The places that did what the oracle does not say.
    """

    case: Case
    level: Level
    seen: dict[str, Result] = field(default_factory=dict)
    shows: frozenset[object] = frozenset()
    surprises: list[str] = field(default_factory=list)

    def lines(self) -> list[Observation]:
        """One for all places that did the same."""
        alike: dict[str, list[str]] = {}
        for target in sorted(self.seen):
            alike.setdefault(_text(self.seen[target]), []).append(target)
        groups = sorted(alike.values())
        return [Observation(self.case, self.level, tuple(some), self.seen[some[0]]) for some in groups]

    def order(self) -> tuple[int, str, str]:
        """The smallest first, and no two alike."""
        text = json.dumps(case_data(self.case))
        return len(text), text, self.level


def main(arguments: Sequence[str] | None = None) -> int:
    """Choose, and return what the process is to exit with."""
    parser = argparse.ArgumentParser(
        prog="python -m cmdpoint.conformance.recording.curate", description=__doc__
    )
    parser.add_argument("files", type=Path, nargs="*", help=f"what was recorded (all in {FOLDER})")
    parser.add_argument("-o", "--output", type=Path, default=RECORDED, help="where the choice goes")
    parser.add_argument("--cases", type=int, default=CASES, help="how many (%(default)s)")
    asked = parser.parse_args(arguments)
    try:
        curate(asked.files or sorted(FOLDER.glob("*.jsonl")), asked.output, asked.cases)
    except Fault as fault:
        print(fault, file=sys.stderr)
        return fault.exit_code
    return 0


def curate(files: Sequence[Path], output: Path, count: int = CASES) -> None:
    """Choose from files, write the choice, and tell of it.

    Raises:
        Fault: A file cannot be read.
        UnknownDialect: The oracle does not know one of the places.
    """
    targets, header, everything = _read(files)
    whole = [each for each in everything if _is_complete(each, targets) and _is_settled(each, targets)]
    print(f"{len(everything):,} cases, {len(whole):,} of them observed on all of {len(targets)} targets")
    for each in whole:
        _look_into(each, targets)
    chosen = choose(whole, count)
    chosen.sort(key=lambda each: (LEVELS.index(each.level), each.order()))
    told = {target for each in chosen for target in each.seen}
    header = replace(
        header, targets={name: target for name, target in header.targets.items() if name in told}
    )
    output.parent.mkdir(parents=True, exist_ok=True)
    write(output, header, (one for each in chosen for one in each.lines()))
    size = output.stat().st_size
    print(f"{len(chosen):,} chosen, {dict(Counter(each.level for each in chosen))}, {size:,} bytes: {output}")
    surprising = [each for each in chosen if each.surprises]
    print(f"{len(surprising):,} of them are not what the oracle says at all places")
    for each in surprising[:10]:
        print(f"  {each.level} of {each.case} at {', '.join(each.surprises)}")


def choose(asked: Iterable[Asked], count: int) -> list[Asked]:
    """Some of the cases.

    In rounds: the first takes, from the smallest on, each case that shows something that none before it did;
    the second what was shown but once, and so on. What surprises the oracle is taken in any case, and what
    DIVERGENCES.md shows.
    """
    asked = sorted(asked, key=Asked.order)
    shown_anyway = set(ledger_cases())
    chosen = [each for each in asked if each.surprises or each.case in shown_anyway]
    left = [each for each in asked if not (each.surprises or each.case in shown_anyway)]
    shown: Counter[object] = Counter()
    room = ROOM
    for many in range(1, len(asked) + 1):
        passed_over = []
        for each in left:
            if len(chosen) >= count:
                return chosen
            if all(shown[one] >= many for one in each.shows):
                passed_over.append(each)
                continue
            size = sum(len(line(one)) for one in each.lines())
            if size > min(room, LONGEST):
                continue
            room -= size
            shown.update(each.shows)
            chosen.append(each)
        left = passed_over
    return chosen


def _read(files: Sequence[Path]) -> tuple[dict[str, Target], Header, list[Asked]]:
    """The places, a header for the choice, and the cases, without what a place answered in two ways."""
    targets: dict[str, Target] = {}
    found: dict[tuple[Case, Level], Asked] = {}
    unsure: set[tuple[Case, Level]] = set()
    dates, seeds = [], set()
    for path in files:
        with ObservationReader(path) as reader:
            for each in reader:
                if isinstance(each, Observation):
                    key = each.case, each.level
                    asked = found.setdefault(key, Asked(*key))
                    for target in each.targets:
                        if _text(asked.seen.setdefault(target, each.result)) != _text(each.result):
                            unsure.add(key)
            targets |= reader.targets
            dates.append(reader.header.date)
            seeds.add(reader.header.seed)
    header = Header(
        max(dates, default=""), seeds.pop() if len(seeds) == 1 else None, dict(sorted(targets.items()))
    )
    return targets, header, [each for key, each in found.items() if key not in unsure]


def _is_complete(asked: Asked, targets: Mapping[str, Target]) -> bool:
    """Whether all targets have a result; those with another runtime have only some cases."""
    return all(target in asked.seen or has_other_runtime(target) for target in targets)


def _is_settled(asked: Asked, targets: Mapping[str, Target]) -> bool:
    """Whether no place does by chance what it does."""
    return all(predict(asked.case, targets[target].dialect).is_settled for target in asked.seen)


def _look_into(asked: Asked, targets: Mapping[str, Target]) -> None:
    """Find out what a case shows, and whom it surprises."""
    applied: dict[str, set[str]] = defaultdict(set)
    alike = {target: at for at, some in enumerate(asked.lines()) for target in some.targets}
    for target, seen in asked.seen.items():
        prediction = predict(asked.case, targets[target].dialect)
        if not agree(expected_at(asked.level, prediction), seen):
            asked.surprises.append(target)
        for step in steps_tested(asked.level, prediction, seen):
            applied[step.rule].add(target)
    parting = tuple(sorted(alike.items()))
    rules = {(asked.level, rule, parting, len(at)) for rule, at in applied.items()}
    asked.shows = frozenset(rules | set(_ends(asked, parting)))


def _ends(asked: Asked, parting: object) -> Iterator[object]:
    for seen in asked.seen.values():
        if isinstance(seen, Refusal):
            yield asked.level, seen.phase, seen.kind, parting


def _text(seen: Result) -> str:
    return json.dumps(observed_data(seen), sort_keys=True)


if __name__ == "__main__":
    sys.exit(main())
