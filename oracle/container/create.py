"""From an image config and a request to the argv that create fixes."""

from cmdpoint.oracle.case import DEFAULT_PATH, ImageConfig, Request, Setting, Words
from cmdpoint.oracle.container.shell import shell_command
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.outcome import Codes, Outcome, Process, Refusal
from cmdpoint.oracle.trace import Scope

NO_ENTRYPOINT = ("",)
"""The entrypoint of exactly one empty word, which stands for none (MERGE-4, MERGE-7)."""


def create(image: ImageConfig, request: Request, dialect: Dialect, scope: Scope) -> Outcome:
    """Merge a create request with the image's config.

    The daemon tests whether the request's entrypoint is *empty* to decide about the image's Cmd, but whether
    it is *null* to decide about the image's Entrypoint; the empty list falls between the two (MERGE-5).

    Source: moby/moby, `daemon/commit.go:merge`, `daemon/create.go:mergeAndVerifyConfig`; containers/podman,
    `pkg/specgen/generate/oci.go:makeCommand`.

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
    asked = request.entrypoint if isinstance(request.entrypoint, tuple) else None
    words = request.cmd if isinstance(request.cmd, tuple) else ()
    if asked:
        entrypoint, cmd = asked, words
        rule = "MERGE-4" if asked == NO_ENTRYPOINT else "MERGE-3"
        scope.note(rule, "Entrypoint", image.entrypoint, asked, "the request's")
        scope.note(rule, "Cmd", image.cmd, words, "the image's default arguments are dropped")
    else:
        entrypoint = _entrypoint(image, asked, scope)
        cmd = _cmd(image, request, scope)
    if entrypoint == NO_ENTRYPOINT:
        if not asked:
            scope.note("MERGE-7", "Entrypoint", entrypoint, (), "one empty word counts as none")
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


def _entrypoint(image: ImageConfig, asked: Words | None, scope: Scope) -> Words:
    """The entrypoint where the request gives no word for it."""
    if asked is None:
        scope.note("MERGE-1", "Entrypoint", None, image.entrypoint, "the image's")
        return image.entrypoint
    scope.note("MERGE-5", "Entrypoint", image.entrypoint, (), "the empty list drops it, and it alone")
    return ()


def _cmd(image: ImageConfig, request: Request, scope: Scope) -> Words:
    """The arguments where the request gives no word for the entrypoint."""
    if isinstance(request.cmd, tuple) and request.cmd:
        scope.note("MERGE-2", "Cmd", image.cmd, request.cmd, "the request's replace the image's")
        return request.cmd
    if request.cmd == ():
        scope.note("MERGE-6", "Cmd", (), image.cmd, "the empty list asks for nothing")
    scope.note("MERGE-1", "Cmd", None, image.cmd, "the image's")
    return image.cmd
