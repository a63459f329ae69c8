"""`cmdpoint upgrade --verify`: build every Dockerfile and create a container of it, on both engines."""

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
    """The verification of one target stage of a Dockerfile on an engine.

    Attributes:
        file: The path of the Dockerfile.
        stage: The target stage, or None for the last.
        dialect: The dialect of the prediction.
        agrees: Whether the engine agrees; None if that is not compared, or the build failed for a reason
            outside the rules.
        predicted: The predicted config or refusal of the build, and the predicted outcome.
        observed: The observed config or refusal of the build, and the observed outcome.
        omission: Why it is not compared; empty if it is.
    """

    file: str
    stage: str | None
    dialect: Dialect
    agrees: bool | None
    predicted: tuple[ImageConfig | Outcome, Outcome]
    observed: tuple[ImageConfig | Outcome, Outcome]
    omission: str = ""


def verify(
    found: UpgradeReport,
    bases: Mapping[str, ImageConfig],
    engines: tuple[str, str],
    progress: Callable[[str], None],
) -> Iterator[Verification]:
    """Compare both engines with the predictions.

    Args:
        found: The report without engines.
        bases: The given configs; all others are empty.
        engines: The names or addresses of the two engines; empty for the names of the dialects.
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
                observed.omission,
            )
