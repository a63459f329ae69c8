"""The oracle: from a case to what runs, as a pure function."""

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from typing import cast

from oracle import docker_py, probe
from oracle.command_line import read as read_command_line
from oracle.create import create, merged_setting
from oracle.dialect import Dialect
from oracle.make import make
from oracle.model import Case, CommandLine, ImageConfig, PyCall
from oracle.outcome import Prediction, Process, Refusal
from oracle.start import start
from oracle.trace import Trace


def predict(case: Case, dialect: Dialect, bases: Mapping[str, ImageConfig] | None = None) -> Prediction:
    """Predict what a case runs.

    Args:
        case: Images built one after the other, the last of which is run as the request says.
        dialect: Whose engine and builder does it.
        bases: Images that exist besides `probe`, by the name FROM calls them. Where they are given, a build
            may have added any file too, so whatever program is to run counts as there. Without them, the
            world is that of the spec: one base image, whose files are known.

    Returns:
        The prediction. Whatever is wrong with the case is a refusal in it, never an exception.
    """
    trace = Trace()
    config = ImageConfig(setting=probe.SETTING, files=probe.FILES)
    images = {probe.NAME: config}
    # Asked, never copied: the mapping may know more names than it could list. Only `images` is written to.
    world = ChainMap(images, cast("MutableMapping[str, ImageConfig]", {} if bases is None else bases))
    for image in case.images:
        built = make(image, world, dialect, trace)
        if isinstance(built, Refusal):
            refusal = Refusal(built.stage, built.kind, built.message, built.line, image.name)
            return Prediction(None, None, refusal, refusal, trace.steps)
        config = images[image.name] = built
    request = case.request
    if isinstance(request, CommandLine):
        read = read_command_line(request.words, dialect, trace)
        if isinstance(read, Refusal):
            trace.note("CLI-8", "exit code", None, read.codes.run, "docker run's own")
            return Prediction(config, None, read, read, trace.steps)
        request = read
    elif isinstance(request, PyCall):
        read = docker_py.read(request, trace)
        if isinstance(read, Refusal):
            return Prediction(config, None, read, read, trace.steps)
        request = read
    planned = create(config, request, trace)
    outcome = planned
    if isinstance(planned, Process):
        setting = merged_setting(config.setting, request)
        outcome = start(
            planned.argv, setting, config.files if bases is None else None, dialect, trace, init=request.init
        )
    if isinstance(outcome, Refusal) and isinstance(case.request, CommandLine):
        trace.note("CLI-8", "exit code", None, outcome.codes.run, "what docker run makes of it")
    return Prediction(config, request, planned, outcome, trace.steps)
