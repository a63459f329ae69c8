"""Predict what a case runs: make its images, read the request, create the container, start it."""

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, replace
from typing import Final, cast

from cmdpoint.oracle.build import docker
from cmdpoint.oracle.build.buildah import build as buildah
from cmdpoint.oracle.case import (
    Case,
    Chain,
    CommandLine,
    Commit,
    Image,
    ImageConfig,
    Import,
    Load,
    Origin,
    PyCall,
    Request,
    Tag,
)
from cmdpoint.oracle.clients import docker_py, docker_run
from cmdpoint.oracle.clients.entrypoint_option import read_sent
from cmdpoint.oracle.comparison import EXIT_CODE
from cmdpoint.oracle.container.create import create, merged_setting
from cmdpoint.oracle.container.start import start
from cmdpoint.oracle.container.working_dir import no_working_dir
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.images import probe
from cmdpoint.oracle.images.commit import commit, import_
from cmdpoint.oracle.images.load import load
from cmdpoint.oracle.memory import folded
from cmdpoint.oracle.outcome import Codes, Outcome, Prediction, Process, Refusal, Step
from cmdpoint.oracle.trace import Scope


def predict(case: Case, dialect: Dialect, bases: Mapping[str, ImageConfig] | None = None) -> Prediction:
    """Predict what a case runs.

    Args:
        case: Images that are made one after the other, and the request that runs the last of them.
        dialect: How the engine and its builder behave.
        bases: Images that exist besides `probe`, by the name in FROM. Where they are given, a build may have
            added any file, so every program counts as present. Without them the only base image is `probe`,
            whose files are known.

    Returns:
        The prediction. Whatever is wrong with the case is a refusal in it, never an exception.
    """
    made = _images(case.images, dialect, bases)
    config, scope = made.last, Scope.after(made.steps)
    if isinstance(config, Refusal):
        return Prediction(None, None, config, config, made.steps)
    request = _client(case.request, dialect, scope)
    if isinstance(request, Refusal):
        return Prediction(config, None, request, request, scope.steps)
    by_client = isinstance(case.request, CommandLine)
    read = request if by_client else _read(request, dialect, scope)
    planned = create(config, read, dialect, scope)
    outcome = planned
    if isinstance(planned, Process):
        known = config if bases is None else replace(config, files=None)
        outcome = _start(planned, known, read, dialect, scope, by_client=by_client)
        planned = Process((*dialect.init_words, *planned.argv)) if read.init else planned
    if isinstance(outcome, Refusal) and by_client:
        _note_exit_code(outcome, dialect, scope.in_phase("start" if outcome.phase == "start" else "create"))
    return Prediction(config, request, planned, outcome, scope.steps)


@dataclass(frozen=True, slots=True)
class _Made:
    """The images after a chain of them was made.

    Attributes:
        images: The images by the name in FROM.
        last: The config of the last image, or the first refusal.
        steps: How they were made.
    """

    images: Mapping[str, ImageConfig]
    last: ImageConfig | Refusal
    steps: tuple[Step, ...]


_PROBE: Final = ImageConfig(setting=probe.SETTING, files=probe.FILES)
_BEGINNING: Final = _Made({probe.NAME: _PROBE}, _PROBE, ())


def _images(chain: Chain, dialect: Dialect, bases: Mapping[str, ImageConfig] | None) -> _Made:
    """Make the images of a case."""
    if bases is None:
        return folded(_with_next, chain, dialect) or _BEGINNING
    made = _BEGINNING
    for origin in chain:
        made = _with_next(made, origin, dialect, bases)
    return made


def _with_next(
    made: _Made | None, origin: Origin, dialect: Dialect, bases: Mapping[str, ImageConfig] | None = None
) -> _Made:
    """Make one more image, unless one before it was refused."""
    made = made or _BEGINNING
    if isinstance(made.last, Refusal):
        return made
    scope = Scope.after(made.steps)
    # Looked up, never copied: the mapping may know more names than it could list. Neither is written to.
    known = ChainMap(
        *(
            cast("MutableMapping[str, ImageConfig]", each)
            for each in (made.images, {} if bases is None else bases)
        )
    )
    config = _image(origin, known, dialect, scope.in_image(origin.name))
    if isinstance(config, Refusal):
        refusal = replace(config, image=origin.name, codes=Codes())
        return _Made(made.images, refusal, scope.steps)
    return _Made({**made.images, origin.name: config}, config, scope.steps)


def _image(
    origin: Origin, images: Mapping[str, ImageConfig], dialect: Dialect, scope: Scope
) -> ImageConfig | Refusal:
    """Make one image, of the images that exist."""
    if origin.name in images:
        scope.note("MERGE-14", "image", None, origin.name, "from here on the name is another image's")
    match origin:
        case Image():
            if dialect.front_end == "imagebuilder":
                return buildah.build(origin, images, dialect, scope)
            return docker.build(origin, images, dialect, scope)
        case Commit():
            return commit(origin, images[origin.base], dialect, scope)
        case Import():
            return import_(origin, dialect, scope)
        case Load():
            return load(origin, dialect, scope)
        case Tag():
            return images[origin.base]


def _client(request: Request | CommandLine | PyCall, dialect: Dialect, scope: Scope) -> Request | Refusal:
    """The request that the client sends."""
    match request:
        case CommandLine(words):
            sent = docker_run.read(words, dialect, scope)
            if isinstance(sent, Refusal):
                _note_exit_code(sent, dialect, scope.in_phase("client"))
            return sent
        case PyCall():
            return docker_py.read(request, scope)
        case Request():
            return request


def _read(request: Request, dialect: Dialect, scope: Scope) -> Request:
    """What the engine takes a request of its API to mean; its own client has read the words already."""
    if isinstance(request.entrypoint, tuple):
        return read_sent(request, dialect, scope.in_phase("create"))
    return request


def _start(
    planned: Process, image: ImageConfig, request: Request, dialect: Dialect, scope: Scope, *, by_client: bool
) -> Outcome:
    """Start the container, unless the working folder of the request is missing."""
    setting = merged_setting(image.setting, request, dialect)
    if request.working_dir:
        refused = no_working_dir(request, image.files, dialect, scope, by_client=by_client)
        if refused is not None:
            return refused
    return start(planned.argv, setting, image.files, dialect, scope, init=request.init)


def _note_exit_code(refused: Refusal, dialect: Dialect, scope: Scope) -> None:
    """Note what `docker run` exits with where it runs nothing."""
    rule = "CLI-8" if dialect.engine == "docker" else "CLI-15"
    scope.note(rule, EXIT_CODE, None, refused.codes.run, "the client's, where no program runs")
