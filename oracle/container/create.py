"""From an image config and a request to the argv that create fixes."""

from typing import Final

from cmdpoint.oracle.case import DEFAULT_PATH, Absent, ImageConfig, Request, Setting, Words
from cmdpoint.oracle.container.merge_table import From, row_of
from cmdpoint.oracle.container.shell import shell_command
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.outcome import Codes, Outcome, Process, Refusal
from cmdpoint.oracle.trace import Scope

NO_ENTRYPOINT = ("",)
"""The entrypoint of exactly one empty word, which stands for none (MERGE-4, MERGE-7)."""


def create(image: ImageConfig, request: Request, dialect: Dialect, scope: Scope) -> Outcome:
    """Merge a create request with the image's config.

    Source: see `merge_table`.

    Returns:
        The process the container is to run, or the refusal, at stage `create`.
    """
    scope = scope.in_phase("create")
    merged = merge(image, request, dialect, scope)
    if isinstance(merged, Refusal):
        return merged
    argv = merged[0] + merged[1]
    scope.note("MERGE-9", "argv", None, argv, "Path is the first word, Args the others")
    shell = shell_command(argv)
    if shell is not None and shell.parameters:
        scope.note("EXEC-21", "argv", shell.text, shell.parameters, "the shell sees these as $0, $1 ...")
    if argv[0] == "":
        scope.note("MERGE-10", "argv", None, argv, "the program's name is empty")
    return Process(argv)


def merge(
    image: ImageConfig, request: Request, dialect: Dialect, scope: Scope
) -> tuple[Words, Words] | Refusal:
    """The Entrypoint and the Cmd of a container, of which at least one has words.

    See `create` for the arguments and the source.
    """
    if image.unreadable:
        scope.note("LOAD-4", "config", None, "refused", "the image's config cannot be read")
        return Refusal("create", "bad-config", "the image's config cannot be read", codes=Codes(500, run=125))
    row = row_of(request.entrypoint, request.cmd)
    entrypoint = _taken(row.entrypoint, image.entrypoint, request.entrypoint)
    cmd = _taken(row.cmd, image.cmd, request.cmd)
    _note(scope, "Entrypoint", row.entrypoint_rule, image.entrypoint, entrypoint)
    for rule in row.cmd_rules:
        _note(scope, "Cmd", rule, image.cmd, cmd)
    if entrypoint == NO_ENTRYPOINT:
        if row.entrypoint == "image":
            scope.note("MERGE-7", "Entrypoint", entrypoint, (), _NOTES["MERGE-7", "Entrypoint"])
        entrypoint = ()
    if not entrypoint + cmd:
        if dialect.nothing_to_run == "an empty word":
            scope.note("MERGE-18", "argv", None, ("",), "nothing is left to run: an empty word is put there")
            return (), ("",)
        scope.note("MERGE-8", "argv", None, None, "nothing is left to run")
        codes = Codes(dialect.refused_create, run=125)
        return Refusal("create", "no-command", "no command specified", codes=codes)
    return entrypoint, cmd


def merged_setting(image: Setting, request: Request, dialect: Dialect) -> Setting:
    """The setting of a container: the request's, where it says something, over the image's (EXEC-3).

    Of a variable that has the value which the service has of it, only PATH is known: that it names the usual
    folders.

    Source: moby/moby, `daemon/commit.go:merge`, `daemon/container.go:CreateDaemonEnvironment`;
    containers/podman, `pkg/specgenutil/specgen.go:FillOutSpecGen`.
    """
    env = {"PATH": DEFAULT_PATH, **dict(image.env)}
    for word in request.env:
        name, assigned, value = word.partition("=")
        if assigned:
            env[name] = value
        elif dialect.env_without_value == "the service's own":
            env |= {"PATH": DEFAULT_PATH} if name == "PATH" else {}
        else:
            env.pop(name, None)
    working_dir = request.working_dir or image.working_dir or "/"
    return Setting(tuple(env.items()), working_dir, request.user or image.user)


def _taken(source: From, image: Words, request: Words | Absent | None) -> Words:
    """Return the words that a row of the merge table takes."""
    if source == "image":
        return image
    return request if source == "request" and isinstance(request, tuple) else ()


def _note(scope: Scope, field: str, rule: str, image: Words, after: Words) -> None:
    """Note what a rule of the merge table decided about a field."""
    before = {"MERGE-1": None, "MERGE-6": ()}.get(rule, image)
    scope.note(rule, field, before, after, _NOTES[rule, field])


_NOTES: Final = {
    ("MERGE-1", "Entrypoint"): "the image's",
    ("MERGE-1", "Cmd"): "the image's",
    ("MERGE-2", "Cmd"): "the request's replaces the image's",
    ("MERGE-3", "Entrypoint"): "the request's",
    ("MERGE-3", "Cmd"): "the image's default arguments are dropped",
    ("MERGE-4", "Entrypoint"): "the request's",
    ("MERGE-4", "Cmd"): "the image's default arguments are dropped",
    ("MERGE-5", "Entrypoint"): "the empty list drops it, and keeps Cmd",
    ("MERGE-6", "Cmd"): "the empty list counts as no Cmd",
    ("MERGE-7", "Entrypoint"): "one empty word counts as none",
}
