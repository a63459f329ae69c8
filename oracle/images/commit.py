"""Make an image of a container (`docker commit`) or of an archive (`docker import`).

Both may change the config by lines of a Dockerfile. Docker reads them with its classic builder, Podman with
readers of its own (`podman_changes`).
"""

from dataclasses import replace
from typing import Final

from cmdpoint.oracle.build.folders import with_workdir
from cmdpoint.oracle.build.state import StageState
from cmdpoint.oracle.build.triggers import refuse_words
from cmdpoint.oracle.case import Commit, ImageConfig, Import, Request, Setting, Words
from cmdpoint.oracle.clients.entrypoint_option import read_sent
from cmdpoint.oracle.container.create import NO_ENTRYPOINT, merge, merged_setting
from cmdpoint.oracle.container.validation import unreadable_variable
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.checks import check
from cmdpoint.oracle.dockerfile.commands import Reader
from cmdpoint.oracle.files import Files
from cmdpoint.oracle.images import podman_changes, probe
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.trace import Scope

ALLOWED: Final = frozenset(
    {"CMD", "ENTRYPOINT", "ENV", "EXPOSE", "HEALTHCHECK", "LABEL", "ONBUILD", "USER", "VOLUME", "WORKDIR"}
)
"""The instructions that may change a config, besides those of `dialect.more_changes`."""


def commit(origin: Commit, base: ImageConfig, dialect: Dialect, scope: Scope) -> ImageConfig | Refusal:
    """Make an image of a container.

    Args:
        origin: The container's request, and the changes.
        base: The config of the container's image.
        dialect: How the engine behaves.
        scope: Takes the steps.

    Returns:
        The image's config, or the refusal.

    Source: moby/moby, `daemon/commit.go`; containers/podman, `libpod/container_commit.go`.
    """
    scope.note("COMMIT-1", "config", None, origin.base, "it begins with the container's config")
    request = read_sent(origin.request, dialect, scope)
    merged = unreadable_variable(base.setting, dialect, scope) or merge(base, request, dialect, scope)
    if isinstance(merged, Refusal):
        return merged
    inherited = {"Shell": base.shell, "OnBuild": base.on_build}
    for name in dialect.commit_forgets:
        if inherited[name]:
            scope.note("COMMIT-8", name, inherited[name], (), "a commit drops it")
            inherited[name] = ()
    setting = _recorded(base.setting, request, dialect)
    if dialect.commit_changes != "a stage":
        merged = podman_changes.recorded(base, request)
    lists = (*merged, inherited["Shell"], inherited["OnBuild"])
    files = _files(base, setting.working_dir, dialect)
    container = ImageConfig(*lists, setting, files=files, open_paths=base.open_paths)
    if not origin.changes:
        return container
    match dialect.commit_changes:
        case "one by one":
            return podman_changes.one_by_one(container, origin.changes, scope)
        case "a pair":
            return podman_changes.as_a_pair(container, origin.changes, dialect, scope)
        case "a stage":
            changed = _changed(container, origin.changes, dialect, scope)
            return changed if isinstance(changed, Refusal) else _filled(changed, container, scope)


def import_(origin: Import, dialect: Dialect, scope: Scope) -> ImageConfig | Refusal:
    """Make an image of an archive of the probe's files; see `commit`.

    Source: moby/moby, `daemon/images/image_import.go:ImportImage`.
    """
    scope.note("IMPORT-1", "config", None, (), "it begins empty")
    nothing = ImageConfig(files=probe.FILES)
    if dialect.import_changes == "a stage":
        return _changed(nothing, origin.changes, dialect, scope)
    changed = podman_changes.one_by_one(nothing, origin.changes, scope)
    if not isinstance(changed, Refusal) and changed.on_build:
        scope.note("IMPORT-1", "OnBuild", changed.on_build, (), "the image format has no triggers")
        changed = replace(changed, on_build=())
    return changed


def _files(base: ImageConfig, working_dir: str, dialect: Dialect) -> Files | None:
    """The files of a container: Docker makes the working directory when it creates one."""
    if base.files is None or not working_dir or dialect.workdir_folder != "stored":
        return base.files
    return with_workdir(base.files, working_dir)


def _recorded(image: Setting, request: Request, dialect: Dialect) -> Setting:
    """The setting that a container records.

    Docker records the words for the variables as they are written, with or without a value. They have their
    effect when a container starts.

    Source: moby/moby, `daemon/commit.go:merge`.
    """
    merged = merged_setting(image, request, dialect)
    if dialect.commit_changes != "a stage":
        return merged
    requested = Setting.with_variables(request.env)
    names = dict(requested.env)
    return replace(
        merged,
        env=requested.env + tuple(pair for pair in image.env if pair[0] not in names),
        unassigned=requested.unassigned
        + tuple(word for word in image.unassigned if word.partition("=")[0] not in names),
    )


def _filled(changed: ImageConfig, container: ImageConfig, scope: Scope) -> ImageConfig:
    """Fill what the changes left empty from the container (COMMIT-5, COMMIT-6)."""
    entrypoint, cmd = changed.entrypoint, changed.cmd
    if not entrypoint:
        if not cmd and container.cmd:
            scope.note("COMMIT-5", "Cmd", cmd, container.cmd, "what is empty is filled from the container")
            cmd = container.cmd
        if container.entrypoint:
            scope.note("COMMIT-5", "Entrypoint", (), container.entrypoint, "filled from the container")
        entrypoint = container.entrypoint
    if entrypoint == NO_ENTRYPOINT and changed.entrypoint:
        scope.note("COMMIT-6", "Entrypoint", entrypoint, entrypoint, "one empty word is not empty")
    return ImageConfig(
        entrypoint,
        cmd,
        changed.shell,
        changed.on_build,
        changed.setting,
        files=changed.files,
        open_paths=changed.open_paths,
    )


def _changed(config: ImageConfig, changes: Words, dialect: Dialect, scope: Scope) -> ImageConfig | Refusal:
    """Apply changes as the classic builder does, in a stage that begins with a config.

    Source: moby/moby, `builder/dockerfile/builder.go:BuildFromConfig`.
    """
    if not changes:
        return config
    classic = dialect.beside("classic")
    reader = Reader(classic, scope)
    # Where there is no text at all, it is the builder that refuses it, and not the parser.
    commands = reader.commands("\n".join(changes) or "\n")
    scope.note("COMMIT-3", "config", None, changes, "the changes are read as one Dockerfile")
    if isinstance(commands, Refusal):
        return commands
    for command in commands:
        keyword = command.instruction.keyword
        if keyword not in ALLOWED and keyword not in classic.more_changes:
            scope.at(command.instruction.line).note("COMMIT-2", "config", note="refused")
            return Refusal("parse", "forbidden-change", f"{keyword} cannot change a config")
    state = StageState(config, classic, escape=reader.escape)
    scope.note("COMMIT-4", "config", None, None, "applied as in a stage of its own")
    for command in commands:
        wrong = check(command, classic)
        if wrong is not None:
            return Refusal("parse", wrong[1], wrong[2])
        if wrong := state.check(command):
            return refuse_words(wrong, scope.at(command.instruction.line))
        state.apply(command, scope.at(command.instruction.line))
    return state.config
