"""The cases that can be run on an engine: the specification's examples, each with the levels to compare."""

from collections.abc import Iterable

from cmdpoint.characterise.experiment import Experiment
from cmdpoint.characterise.separating import separating
from cmdpoint.oracle.case import Case, CommandLine, Image, Load
from cmdpoint.oracle.comparison import LEVELS, Level
from cmdpoint.spec.expectation import OR_ELSE
from cmdpoint.spec.rule import Rule


def experiments(rules: Iterable[Rule]) -> tuple[Experiment, ...]:
    """The examples of the rules without duplicates, the fastest first.

    Examples with a random outcome are left out.
    """
    found: dict[Case, Experiment] = {}
    for rule in rules:
        for example in rule.examples:
            request = example.case.request
            local = isinstance(request, CommandLine) and request.local  # needs Podman's own client
            if local or any(OR_ELSE in each.text for each in example.expectations):
                continue
            levels: tuple[Level, ...] = ("config",) if example.level == "config" else LEVELS
            same = found.get(example.case)
            if same is None or len(same.levels) < len(levels):
                found[example.case] = Experiment(example.case, levels, rule.id, f"{rule.id}:{example.line}")
    # The notation of examples cannot express a build on an image that the same case loads.
    for config in ('{"Cmd": "x"}', '{"Shell": "/a"}', '{"Cmd": {"a": "b"}}'):
        case = Case((Load("made", config), Image("app", "FROM made\n")))
        found.setdefault(case, Experiment(case, ("config",), "LOAD-1", "LOAD-1 or LOAD-4, and a build on it"))
    for each in separating():
        found.setdefault(each.case, each)
    return tuple(sorted(found.values(), key=lambda each: each.size))
