"""The oracle: from a case to what runs, as a pure function."""

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

from cmdpoint.oracle.case import Case, Chain, CommandLine, ImageConfig, Origin, PyCall
from cmdpoint.oracle.clients import docker_py
from cmdpoint.oracle.clients.docker_run import read as read_command_line
from cmdpoint.oracle.clients.entrypoint_option import read_sent
from cmdpoint.oracle.container.create import create, merged_setting
from cmdpoint.oracle.container.start import no_working_dir, start
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.images import probe
from cmdpoint.oracle.images.origin import make
from cmdpoint.oracle.outcome import Prediction, Process, Refusal, Step
from cmdpoint.oracle.trace import Scope


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
    made = _BEGINNING
    for number, image in enumerate(case.images, start=1):
        if bases is None:
            made = _remembered(case.images[:number], dialect)
        else:
            made = _next(made, image, dialect, bases)
    config = made.last
    if isinstance(config, Refusal):
        return Prediction(None, None, config, config, made.steps)
    scope = Scope.after(made.steps)
    told = "CLI-8" if dialect.engine == "docker" else "CLI-15"
    request = case.request
    if isinstance(request, CommandLine):
        read = read_command_line(request.words, dialect, scope)
        if isinstance(read, Refusal):
            scope.in_phase("client").note(told, "exit code", None, read.codes.run, "the client's own")
            return Prediction(config, None, read, read, scope.steps)
        request = asked = read
    elif isinstance(request, PyCall):
        read = docker_py.read(request, scope)
        if isinstance(read, Refusal):
            return Prediction(config, None, read, read, scope.steps)
        request = read
    if not isinstance(case.request, CommandLine):
        asked = read_sent(request, dialect, scope.in_phase("create"))
    planned = create(config, asked, dialect, scope)
    outcome = planned
    if isinstance(planned, Process):
        setting = merged_setting(config.setting, asked, dialect)
        files = config.files if bases is None else None
        by_client = isinstance(case.request, CommandLine)
        outcome = no_working_dir(asked, files, dialect, scope, by_client=by_client) or start(
            planned.argv, setting, files, dialect, scope, init=asked.init
        )
        if asked.init:
            planned = Process((*dialect.init_words, *planned.argv))
    if isinstance(outcome, Refusal) and isinstance(case.request, CommandLine):
        note = "what the client makes of it"
        scope.in_phase("start" if outcome.phase == "start" else "create").note(
            told, "exit code", None, outcome.codes.run, note
        )
    return Prediction(config, request, planned, outcome, scope.steps)


@dataclass(frozen=True, slots=True)
class _Made:
    """What there is when a chain of images is made.

    Attributes:
        images: The images, by the name FROM calls them.
        last: The config of the last, or why it or one before it was refused.
        steps: How they were made.
    """

    images: Mapping[str, ImageConfig]
    last: ImageConfig | Refusal
    steps: tuple[Step, ...]


_PROBE: Final = ImageConfig(setting=probe.SETTING, files=probe.FILES)
_BEGINNING: Final = _Made({probe.NAME: _PROBE}, _PROBE, ())


def _next(made: _Made, image: Origin, dialect: Dialect, bases: Mapping[str, ImageConfig]) -> _Made:
    """What there is when one more image is made; nothing more after a refusal."""
    if isinstance(made.last, Refusal):
        return made
    scope = Scope.after(made.steps)
    # Asked, never copied: the mapping may know more names than it could list. Neither is written to.
    world = ChainMap(*(cast("MutableMapping[str, ImageConfig]", each) for each in (made.images, bases)))
    built = make(image, world, dialect, scope)
    if isinstance(built, Refusal):
        refusal = Refusal(built.phase, built.kind, built.message, built.line, image.name)
        return _Made(made.images, refusal, scope.steps)
    return _Made({**made.images, image.name: built}, built, scope.steps)


@lru_cache(maxsize=256)
def _remembered(images: Chain, dialect: Dialect) -> _Made:
    """What is made of a chain: it is asked to run in many ways, and is the beginning of many others.

    Who asks of a long one has asked of its beginning just before, so this calls itself but once.
    """
    made = _remembered(images[:-1], dialect) if len(images) > 1 else _BEGINNING
    return _next(made, images[-1], dialect, {})
