"""Decide whether two cases do the same, whatever the configs of their unknown bases are.

By experiment, as in `cmdpoint.bases.unknown`. The configs that are tried include the lists of the Dockerfiles
themselves: an ENTRYPOINT that repeats the base's can be removed, and nothing changes.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

from cmdpoint.bases.given import Bases
from cmdpoint.bases.names import canonical
from cmdpoint.bases.result import unknown_names
from cmdpoint.bases.unknown import Configs, UnknownBase, needs, witnesses
from cmdpoint.diff.uses import outcome_of
from cmdpoint.oracle.case import Case, ImageConfig, Words
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.outcome import Outcome, Process
from cmdpoint.oracle.predict import predict
from cmdpoint.upgrade.verdict import Verdict

_DIGEST: Final = re.compile(r"@[A-Za-z0-9+._-]+:[0-9a-fA-F]{32,}$")


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with its reasons.

    Attributes:
        verdict: Whether two cases do the same; `unknown` if the configs of base images decide that.
        needs: For `unknown`, the bases to give, with the keys that decide.
        exception: For `unknown`, the only config with which they do the same, in words; empty if there is no
            such config.
    """

    verdict: Verdict
    needs: tuple[UnknownBase, ...] = ()
    exception: str = ""


def decide(cases: tuple[Case, Case], words: Words, dialect: Dialect, given: Configs) -> Decision:
    """Decide.

    Args:
        cases: The cases; the first image of each is built from a Dockerfile.
        words: The words that the use of the image adds.
        dialect: The dialect of both.
        given: The configs that are given.
    """
    written = {_identity(name): name for case in cases for name in unknown_names(case, (dialect,), given)}
    same = _comparison(cases, words, dialect, given)
    results = {same(configs) for configs in witnesses(tuple(written))}
    if len(results) == 2:
        found = needs(tuple(written), same)
        return Decision("unknown", tuple(UnknownBase(written[each.name], each.keys) for each in found))
    result = results.pop()
    for name, config in _repeated(cases, dialect, tuple(written)):
        if same({name: config}) != result:
            lists = {key: words for key, words in notation.config_lists(config).items() if words}
            keys = tuple(key for key in ("Entrypoint", "Cmd") if key in lists)
            values = " and ".join(
                f"{key} of {written[name]} is {notation.words_json(words)}" for key, words in lists.items()
            )
            return Decision("unknown", (UnknownBase(written[name], keys),), values)
    return Decision("same" if result else "different")


def _identity(name: str) -> str:
    """The image that a name means. Unlike for a config that is given, its digest counts."""
    digest = _DIGEST.search(name)
    return canonical(name) + (digest[0] if digest else "")


def _comparison(
    cases: tuple[Case, Case], words: Words, dialect: Dialect, given: Configs
) -> Callable[[Configs], bool]:
    """The function from the configs of unknown bases to whether both cases do the same."""

    def same(configs: Configs) -> bool:
        bases = Bases(given, lambda name: configs.get(_identity(name), ImageConfig()))
        one, other = (_effect(outcome_of(predict(case, dialect, bases), words)) for case in cases)
        return one == other

    return same


def _effect(outcome: Outcome) -> tuple[object, ...]:
    """What is compared: the argv, or the phase and kind of a refusal, whose line may move."""
    return outcome.argv if isinstance(outcome, Process) else (None, outcome.phase, outcome.kind)


def _repeated(
    cases: tuple[Case, Case], dialect: Dialect, names: tuple[str, ...]
) -> Iterator[tuple[str, ImageConfig]]:
    """Yield the configs that a base has if a Dockerfile repeats its Entrypoint or Cmd; small ones first."""
    empty: Mapping[str, ImageConfig] = Bases({})
    configs = [predict(Case(case.images[:1]), dialect, empty).config or ImageConfig() for case in cases]
    entrypoints = dict.fromkeys([(), *(config.entrypoint for config in configs)])
    cmds = dict.fromkeys([(), *(config.cmd for config in configs)])
    pairs = [(one, other) for one, other in product(entrypoints, cmds) if one or other]
    pairs.sort(key=lambda pair: bool(pair[0]) + bool(pair[1]))
    for name, (entrypoint, cmd) in product(names, pairs):
        yield name, ImageConfig(entrypoint, cmd)
