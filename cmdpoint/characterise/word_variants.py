"""Variants of examples for behaviours that are sets of words, such as the known directives.

An example uses one word of such a set. A variant uses another word in its place, and shows whether the engine
knows that word too.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from cmdpoint.characterise.experiment import Experiment
from cmdpoint.characterise.parameters import Parameter
from cmdpoint.oracle.case import Case, CommandLine, Commit, Image, Import, Origin
from cmdpoint.oracle.dialect.behaviours import behaviours


def word_variants(pool: Sequence[Experiment], parameters: Sequence[Parameter]) -> Iterator[Experiment]:
    """The variants of the experiments, each with one word of a set replaced by another in its images.

    Args:
        pool: The experiments.
        parameters: The parameters of the engine.
    """
    known = {experiment.case for experiment in pool}
    for parameter in parameters:
        words = _words(parameter)
        rules = behaviours()[parameter.behaviour].rules
        if parameter.behaviour == "unknown_run_options":
            # A command line without an image is refused either way, but an unknown option is refused first.
            for word in words:
                case = Case((), CommandLine((f"--{word}",)))
                yield Experiment(case, ("planned",), rules[0], f"{rules[0]}, the option {word}")
            continue
        for experiment in pool:
            if experiment.rule in rules:
                for old in words:
                    for new in words:
                        images = tuple(_replaced(each, old, new) for each in experiment.case.images)
                        case = Case(images, experiment.case.request)
                        if case not in known:
                            known.add(case)
                            name = f"{experiment.name}, with {new} for {old}"
                            yield replace(experiment, case=case, name=name)


def _words(parameter: Parameter) -> list[str]:
    """The words of all known sets; empty if the values are not sets of words."""
    if not all(isinstance(value, tuple) for value in parameter.values):
        return []
    words = {word: None for value in parameter.values for word in value if isinstance(word, str)}
    # A syntax directive names another front end, which BuildKit would have to download.
    return [word for word in words if word != "syntax"]


def _replaced(origin: Origin, old: str, new: str) -> Origin:
    left, right = (r"(?<!\w)", r"(?!\w)") if re.fullmatch(r"\w+", old) else (r"(?<=\w)", r"(?=\w)")
    pattern = re.compile(left + re.escape(old) + right)
    match origin:
        case Image():
            return replace(origin, dockerfile=pattern.sub(lambda _: new, origin.dockerfile))
        case Commit() | Import():
            return replace(origin, changes=tuple(pattern.sub(lambda _: new, each) for each in origin.changes))
    return origin
