"""The oracle: from a case to what runs, as a pure function."""

from oracle import probe
from oracle.build import build
from oracle.create import create
from oracle.dialect import Dialect
from oracle.model import Case, ImageConfig, Outcome, Prediction, Process, Refusal
from oracle.start import start
from oracle.trace import Trace


def predict(case: Case, dialect: Dialect) -> Prediction:
    """Predict what a case runs.

    Args:
        case: Images built one after the other, the last of which is run as the request says.
        dialect: Whose engine and builder does it.

    Returns:
        The prediction. Whatever is wrong with the case is a refusal in it, never an exception.
    """
    trace = Trace()
    config = ImageConfig(programs=probe.PROGRAMS)
    images = {probe.NAME: config}
    for image in case.images:
        built = build(image, images, dialect, trace)
        if isinstance(built, Refusal):
            refusal = Refusal(built.stage, built.kind, built.message, built.line, image.name)
            return Prediction(None, refusal, refusal, trace.steps)
        config = images[image.name] = built
    planned = create(config, case.request, trace)
    outcome: Outcome = (
        start(planned.argv, config.programs, trace) if isinstance(planned, Process) else planned
    )
    return Prediction(config, planned, outcome, trace.steps)
