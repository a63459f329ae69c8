"""`cmdpoint upgrade --verify`: both engines are asked about every Dockerfile, one engine after the other."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from cmdpoint.bases.given import Bases
from cmdpoint.cli.faults import OtherEngine
from cmdpoint.engines.driver.labels import Owner
from cmdpoint.engines.driver.live_target import LiveTarget
from cmdpoint.engines.find import find
from cmdpoint.oracle.case import ImageConfig
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.outcome import Outcome
from cmdpoint.upgrade.stand_in import Asked
from cmdpoint.upgrade.survey import Found


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an engine did with one target of a Dockerfile.

    Attributes:
        file: Its path.
        stage: The target, or None for the last stage.
        dialect: The dialect that was held against the engine.
        agrees: Whether the engine did as told; None where the build failed for a reason that is no rule's.
        predicted: What was told: the config, or the outcome of the build, and what is run.
        seen: What was seen, likewise.
    """

    file: str
    stage: str | None
    dialect: Dialect
    agrees: bool | None
    predicted: tuple[ImageConfig | Outcome, Outcome]
    seen: tuple[ImageConfig | Outcome, Outcome]


def verify(
    found: Found,
    bases: Mapping[str, ImageConfig],
    engines: tuple[str, str],
    progress: Callable[[str], None],
) -> Iterator[Verdict]:
    """Ask both engines.

    Args:
        found: What was found without them.
        bases: The configs that were given; all others have none.
        engines: Where the two engines are, as `engines.find.find` takes it; empty for their own names.
        progress: Receives progress messages.

    Raises:
        Fault: An engine cannot be had, or died.
    """
    for dialect, where in zip((found.before, found.after), engines, strict=True):
        name = str(dialect).partition("/")[0]
        here = find(where or name, progress)
        try:
            engine = here.connect()
            if engine.name != name:
                raise OtherEngine(
                    f"{name} is to be asked", f"{where or name} is {engine.name}", "name the engine it is"
                )
            with LiveTarget(
                engine, dialect.builder, Owner.this_process(), here.client(engine.product)
            ) as live:
                yield from _ask(Asked(live), found, bases)
            engine.close()
        finally:
            here.stop()


def _ask(asked: Asked, found: Found, bases: Mapping[str, ImageConfig]) -> Iterator[Verdict]:
    for file in found.files:
        targets = [found.build.target, *(each.stage for each in file.differences)]
        for target in dict.fromkeys(targets):
            seen = asked.see(file.text, target, found.build, Bases(bases))
            told = seen.predicted
            config = told.outcome if told.config is None else told.config
            yield Verdict(
                file.name,
                target,
                asked.dialect,
                seen.agrees,
                (config, told.planned),
                (seen.config, seen.outcome),
            )
