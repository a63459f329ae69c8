"""The oracle: from a case to what runs, as a pure function."""

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from typing import cast

from oracle import probe
from oracle.build import build
from oracle.create import create
from oracle.dialect import Dialect
from oracle.model import Case, ImageConfig, Outcome, Prediction, Process, Refusal
from oracle.start import start
from oracle.trace import Trace


def predict(case: Case, dialect: Dialect, bases: Mapping[str, ImageConfig] | None = None) -> Prediction:
    """Predict what a case runs.

    Args:
        case: Images built one after the other, the last of which is run as the request says.
        dialect: Whose engine and builder does it.
        bases: Images that exist besides `probe`, by the name FROM calls them. Where they are given, a build
            may have added any file too, so whatever program is to run counts as there. Without them, the
            world is that of the spec: one base image, whose programs are known.

    Returns:
        The prediction. Whatever is wrong with the case is a refusal in it, never an exception.
    """
    trace = Trace()
    config = ImageConfig(programs=probe.PROGRAMS)
    images = {probe.NAME: config}
    # Asked, never copied: the mapping may know more names than it could list. Only `images` is written to.
    world = ChainMap(images, cast("MutableMapping[str, ImageConfig]", {} if bases is None else bases))
    for image in case.images:
        built = build(image, world, dialect, trace)
        if isinstance(built, Refusal):
            refusal = Refusal(built.stage, built.kind, built.message, built.line, image.name)
            return Prediction(None, refusal, refusal, trace.steps)
        config = images[image.name] = built
    planned = create(config, case.request, trace)
    programs = config.programs if bases is None else None
    outcome: Outcome = start(planned.argv, programs, trace) if isinstance(planned, Process) else planned
    return Prediction(config, planned, outcome, trace.steps)
