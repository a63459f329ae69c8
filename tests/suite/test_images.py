"""The Dockerfiles of `tests/corpus/images.toml` on an engine: what runs is what was derived by hand."""

from typing import Any

import pytest

from cmdpoint.bases.given import NamedConfigs, read_config
from cmdpoint.engines.driver.labels import Owner
from cmdpoint.engines.driver.live_target import LiveTarget
from cmdpoint.engines.find import RunningEngine
from cmdpoint.oracle.outcome import Process
from cmdpoint.upgrade.compare import Build
from cmdpoint.upgrade.placeholder import PlaceholderBuilder
from tests.unit.test_images import BASES, IMAGES

PLAIN: list[dict[str, Any]] = [
    image for image in IMAGES if "argv" in image and not image.keys() & {"run", "entrypoint"}
]


def test_the_answers_hold_on_an_engine(engine_url: str) -> None:
    """Placeholders with the configs of the bases stand for them; RUN and COPY are left out."""
    bases = NamedConfigs({name: read_config(config, name) for name, config in BASES.items()})
    here = RunningEngine(engine_url)
    engine = here.connect()
    if engine.product != "docker":
        pytest.skip("an image in OCI's format has no Shell")
    with LiveTarget(engine, "buildkit", Owner.this_process(), here.client(engine.product)) as live:
        builder = PlaceholderBuilder(live)
        assert len(PLAIN) >= 70
        for image in PLAIN:
            observed = builder.observe(image["text"], image.get("target"), Build(), bases)
            assert observed.outcome == Process(tuple(image["argv"])), image["name"]
