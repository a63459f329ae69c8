"""`cmdpoint upgrade --verify`: build and create every Dockerfile on both engines, one after the other."""

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
from cmdpoint.upgrade.placeholder import PlaceholderBuilder
from cmdpoint.upgrade.report import UpgradeReport


@dataclass(frozen=True, slots=True)
class Verification:
    """What an engine did with one target of a Dockerfile.

    Attributes:
        file: Its path.
        stage: The target, or None for the last stage.
        dialect: The dialect that the engine is compared with.
        agrees: Whether the engine did as predicted; None if the build failed for a reason outside the rules.
        predicted: The config, or the outcome of the build, and what runs.
        observed: The same, as observed.
    """

    file: str
    stage: str | None
    dialect: Dialect
    agrees: bool | None
    predicted: tuple[ImageConfig | Outcome, Outcome]
    observed: tuple[ImageConfig | Outcome, Outcome]


def verify(
    found: UpgradeReport,
    bases: Mapping[str, ImageConfig],
    engines: tuple[str, str],
    progress: Callable[[str], None],
) -> Iterator[Verification]:
    """Compare both engines with the predictions.

    Args:
        found: The comparison of the files without engines.
        bases: The configs that were given; all others are empty.
        engines: Where the two engines are, as `engines.find.find` takes it; empty for their own names.
        progress: Receives progress messages.

    Raises:
        Fault: An engine cannot be found or started, or it stopped.
    """
    for dialect, where in zip((found.before, found.after), engines, strict=True):
        name = str(dialect).partition("/")[0]
        here = find(where or name, progress)
        try:
            engine = here.connect()
            if engine.name != name:
                raise OtherEngine(
                    f"{where or name} is not {name}",
                    f"it is {engine.name}",
                    f"name an address of {name}, or compare {engine.name}",
                )
            with LiveTarget(
                engine, dialect.builder, Owner.this_process(), here.client(engine.product)
            ) as live:
                yield from _verify(PlaceholderBuilder(live), found, bases)
            engine.close()
        finally:
            here.stop()


def _verify(
    builder: PlaceholderBuilder, found: UpgradeReport, bases: Mapping[str, ImageConfig]
) -> Iterator[Verification]:
    for file in found.files:
        targets = [found.build.target, *(each.stage for each in file.differences)]
        for target in dict.fromkeys(targets):
            observed = builder.observe(file.text, target, found.build, Bases(bases))
            predicted = observed.predicted
            config = predicted.outcome if predicted.config is None else predicted.config
            yield Verification(
                file.name,
                target,
                builder.dialect,
                observed.agrees,
                (config, predicted.planned),
                (observed.config, observed.outcome),
            )
