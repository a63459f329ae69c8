"""Predict what a case runs: make its images, read the request, create the container, start it."""

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, fields, replace
from functools import partial
from operator import attrgetter
from typing import Final, cast

from cmdpoint.oracle.build import docker
from cmdpoint.oracle.build.buildah import build as buildah
from cmdpoint.oracle.case import (
    Case,
    Chain,
    CommandLine,
    Commit,
    ContainerRequest,
    Image,
    ImageConfig,
    Import,
    Load,
    Origin,
    PyCall,
    RawRequest,
    Request,
    Tag,
)
from cmdpoint.oracle.clients import docker_py, docker_run
from cmdpoint.oracle.clients.entrypoint_option import read_sent
from cmdpoint.oracle.comparison import EXIT_CODE
from cmdpoint.oracle.container.create import create, merged_setting
from cmdpoint.oracle.container.decode import decode
from cmdpoint.oracle.container.start import start
from cmdpoint.oracle.container.user import user_refusal
from cmdpoint.oracle.container.validation import invalid
from cmdpoint.oracle.container.working_dir import with_working_dir
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.go_strings import readable
from cmdpoint.oracle.images import probe
from cmdpoint.oracle.images.commit import commit, import_
from cmdpoint.oracle.images.load import load
from cmdpoint.oracle.lookup import UnknownFileError
from cmdpoint.oracle.memory import remembered
from cmdpoint.oracle.outcome import Codes, Outcome, Prediction, Process, Refusal, Step
from cmdpoint.oracle.trace import Scope


def predict(case: Case, dialect: Dialect, bases: Mapping[str, ImageConfig] | None = None) -> Prediction:
    """Predict what a case runs.

    Args:
        case: Images that are made one after the other, and the request that runs the last of them.
        dialect: How the engine and its builder behave.
        bases: Images that exist besides `probe`, by the name in FROM. Where they are given, every program
            counts as present, unless the build context of the last image is given, too. Without them the only
            base image is `probe`, whose files are known until a RUN, an ADD or a COPY may bring others
            (STATE-32, STATE-33).

    Returns:
        The prediction. Whatever is wrong with the case is a refusal in it, never an exception.
    """
    return predict_run(images_of(case.images, dialect, bases), case, dialect, has_bases=bases is not None)


def predict_run(images: "Images", case: Case, dialect: Dialect, *, has_bases: bool) -> Prediction:
    """Predict what the last of some images runs.

    Args:
        images: What `images_of` returns for the images of the case and the same dialect.
        case: The case.
        dialect: How the engine behaves.
        has_bases: Whether images exist besides `probe`; see `predict`.
    """
    config, scope = images.last, Scope.after(images.steps)
    if isinstance(config, Refusal):
        return Prediction(None, None, config, config, images.steps)
    request = _sent(case.request, dialect, scope)
    if isinstance(request, Refusal):
        return Prediction(config, None, request, request, scope.steps)
    by_client = isinstance(case.request, CommandLine)
    effective = request if by_client else _effective(request, dialect, scope)
    planned = invalid(effective, dialect, scope) or create(config, effective, dialect, scope)
    outcome = planned
    if isinstance(planned, Process):
        run = partial(_run, planned, request=effective, dialect=dialect, by_client=by_client)
        before = scope.steps
        try:
            files = None if has_bases and not has_context(case) else config.files_at_start
            outcome = run(config if files is config.files else replace(config, files=files), scope=scope)
        except UnknownFileError:
            scope = Scope.after(before)
            outcome = run(replace(config, files=None), scope=scope)
        planned = Process((*dialect.init_words, *planned.argv)) if effective.init else planned
        planned = outcome if isinstance(outcome, Refusal) and outcome.phase == "create" else planned
    if isinstance(outcome, Refusal) and by_client:
        _note_exit_code(outcome, dialect, scope.in_phase("start" if outcome.phase == "start" else "create"))
    return Prediction(config, request, planned, outcome, scope.steps)


def has_context(case: Case) -> bool:
    """Whether the build context of the last image is given."""
    last = case.images[-1] if case.images else None
    return isinstance(last, Image) and last.context is not None


def _run(
    planned: Process,
    config: ImageConfig,
    request: Request,
    dialect: Dialect,
    scope: Scope,
    *,
    by_client: bool,
) -> Outcome:
    """Start the created container."""
    of_image, files = config.setting.working_dir, config.files
    setting = merged_setting(config.setting, request, dialect)
    if files is not None and (request.working_dir or of_image):
        if unknown := user_refusal(setting.user, files, dialect, scope):
            return unknown
        after = with_working_dir(request, of_image, files, dialect, scope, by_client=by_client)
        if isinstance(after, Refusal):
            return after
        files = after
    relative = "" if request.working_dir or of_image.startswith("/") else of_image
    return start(planned.argv, setting, files, dialect, scope, init=request.init, relative_dir=relative)


@dataclass(frozen=True, slots=True, eq=False)
class Images:
    """The images that exist once a chain of them is built, committed, imported, loaded or tagged.

    They are compared by identity; see `content`.

    Attributes:
        configs: Their configs, by the name in FROM.
        last: The config of the last image, or the first refusal.
        steps: The steps of all of them.
    """

    configs: Mapping[str, ImageConfig]
    last: ImageConfig | Refusal
    steps: tuple[Step, ...]

    @property
    def content(self) -> object:
        """All that they consist of: configs that are equal may differ in what is not compared."""
        configs = [(name, *_ALL_FIELDS(config)) for name, config in self.configs.items()]
        return configs, self.last if isinstance(self.last, Refusal) else None, self.steps


_ALL_FIELDS: Final = attrgetter(*(each.name for each in fields(ImageConfig)))
_CONTENT: Final = attrgetter("content")

_PROBE: Final = ImageConfig(setting=probe.SETTING, files=probe.FILES)
_BEGINNING: Final = Images({probe.NAME: _PROBE}, _PROBE, ())


def images_of(chain: Chain, dialect: Dialect, bases: Mapping[str, ImageConfig] | None) -> Images:
    """Make the images of a case; see `predict`."""
    images = _BEGINNING
    for origin in chain:
        if bases is None:
            images = remembered(_with_next, (images, origin), dialect, _CONTENT)
        else:
            images = _with_next(images, origin, dialect, bases)
    return images


def _with_next(
    images: Images, origin: Origin, dialect: Dialect, bases: Mapping[str, ImageConfig] | None = None
) -> Images:
    """Make one more image, unless one before it was refused."""
    if isinstance(images.last, Refusal):
        return images
    scope = Scope.after(images.steps)
    # Looked up, never copied: the mapping may know more names than it could list. Neither is written to.
    existing = (images.configs, {} if bases is None else bases)
    known = ChainMap(*(cast("MutableMapping[str, ImageConfig]", each) for each in existing))
    building = scope.in_image(origin.name)
    if origin.name in images.configs:
        building.note("MERGE-14", "image", None, origin.name, "from here on the name is another image's")
    config = _image(origin, known, dialect, building)
    if isinstance(config, Refusal):
        refusal = replace(config, image=origin.name, codes=Codes())
        return Images(images.configs, refusal, scope.steps)
    return Images({**images.configs, origin.name: config}, config, scope.steps)


def _image(
    origin: Origin, images: Mapping[str, ImageConfig], dialect: Dialect, scope: Scope
) -> ImageConfig | Refusal:
    """Make one image, of the images that exist."""
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


def _sent(request: ContainerRequest, dialect: Dialect, scope: Scope) -> Request | Refusal:
    """The request that the client sends."""
    match request:
        case CommandLine():
            sent = docker_run.read(request, dialect, scope)
            if isinstance(sent, Refusal):
                _note_exit_code(sent, dialect, scope.in_phase("client"))
            return sent
        case PyCall():
            return docker_py.read(request, scope)
        case RawRequest():
            return decode(request, dialect, scope)
        case Request():
            return request


def _effective(request: Request, dialect: Dialect, scope: Scope) -> Request:
    """The request as an engine reads one that comes without its own client."""
    request = _decoded(request)
    if isinstance(request.entrypoint, tuple):
        return read_sent(request, dialect, scope.in_phase("create"))
    return request


def _decoded(request: Request) -> Request:
    """The request whose words are as Go's JSON decoder reads them."""
    entrypoint, cmd = (
        tuple(map(readable, words)) if isinstance(words, tuple) else words
        for words in (request.entrypoint, request.cmd)
    )
    env = tuple(map(readable, request.env))
    if (entrypoint, cmd, env) == (request.entrypoint, request.cmd, request.env):
        return request
    return replace(request, entrypoint=entrypoint, cmd=cmd, env=env)


def _note_exit_code(refused: Refusal, dialect: Dialect, scope: Scope) -> None:
    """Note what `docker run` exits with where it runs nothing."""
    rule = "CLI-8" if dialect.engine == "docker" else "CLI-15"
    scope.note(rule, EXIT_CODE, None, refused.codes.run, "the client's, where no program runs")
