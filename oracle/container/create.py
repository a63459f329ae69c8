"""From an image config and a request to the argv that create fixes: the merge table, and how it is used.

The table says where a container's Entrypoint and Cmd come from, and by which rule.

Sources. moby/moby, `daemon/commit.go:merge`: if the request's Entrypoint is *empty*, an empty Cmd is filled
from the image; if it is *null*, it is filled from the image itself. The empty list falls between the two
(MERGE-5). `daemon/create.go:mergeAndVerifyConfig`: afterwards an Entrypoint of exactly one empty word counts
as none (MERGE-4, MERGE-7), and a container without any word is refused (MERGE-8). containers/podman,
`pkg/specgen/generate/oci.go:makeCommand`, is the same table.

Chapter 7 of the specification (MERGE-9) shows what each row runs, by what the image has; a test compares
the two.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal, NamedTuple

from cmdpoint.oracle.case import DEFAULT_PATH, Absent, ImageConfig, Request, Setting, Words
from cmdpoint.oracle.container.ports import unreadable_port
from cmdpoint.oracle.container.shell import shell_command
from cmdpoint.oracle.container.validation import unreadable_variable
from cmdpoint.oracle.container.working_dir import working_dir
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.files import ROOT
from cmdpoint.oracle.outcome import Codes, Outcome, Process, Refusal
from cmdpoint.oracle.trace import Scope

Given = Literal["null", "[]", '[""]', "words"]
"""What a request has under a key; a key that is absent counts as null. In Cmd, `[""]` counts as words."""

From = Literal["image", "request", "nothing"]


class Row(NamedTuple):
    """A row of the table.

    Attributes:
        entrypoint: Where the Entrypoint comes from.
        cmd: Where the Cmd comes from.
        entrypoint_rule: The rule that decides about the Entrypoint.
        cmd_rules: The rules that decide about the Cmd.
    """

    entrypoint: From
    cmd: From
    entrypoint_rule: str
    cmd_rules: Words


# fmt: off
MERGE_TABLE: Final[Mapping[tuple[Given, Given], Row]] = {
    # request's           # comes from              # by
    # Entrypoint  Cmd     Entrypoint  Cmd           Entrypoint  Cmd
    ("null",  "null"):  Row("image",   "image",    "MERGE-1", ("MERGE-1",)),
    ("null",  "[]"):    Row("image",   "image",    "MERGE-1", ("MERGE-6", "MERGE-1")),
    ("null",  "words"): Row("image",   "request",  "MERGE-1", ("MERGE-2",)),
    ("[]",    "null"):  Row("nothing", "image",    "MERGE-5", ("MERGE-1",)),
    ("[]",    "[]"):    Row("nothing", "image",    "MERGE-5", ("MERGE-6", "MERGE-1")),
    ("[]",    "words"): Row("nothing", "request",  "MERGE-5", ("MERGE-2",)),
    ('[""]',  "null"):  Row("request", "nothing",  "MERGE-4", ("MERGE-4",)),
    ('[""]',  "[]"):    Row("request", "nothing",  "MERGE-4", ("MERGE-4",)),
    ('[""]',  "words"): Row("request", "request",  "MERGE-4", ("MERGE-4",)),
    ("words", "null"):  Row("request", "nothing",  "MERGE-3", ("MERGE-3",)),
    ("words", "[]"):    Row("request", "nothing",  "MERGE-3", ("MERGE-3",)),
    ("words", "words"): Row("request", "request",  "MERGE-3", ("MERGE-3",)),
}
# fmt: on

NO_ENTRYPOINT = ("",)
"""The entrypoint of exactly one empty word, which stands for none (MERGE-4, MERGE-7)."""


def create(image: ImageConfig, request: Request, dialect: Dialect, scope: Scope) -> Outcome:
    """Merge a create request with the image's config.

    Source: see the module.

    Returns:
        The process the container is to run, or the refusal, in phase `create`.
    """
    scope = scope.in_phase("create")
    merged = unreadable_variable(image.setting, dialect, scope) or merge(image, request, dialect, scope)
    if isinstance(merged, Refusal):
        return merged
    if image.setting.ports and (refused := unreadable_port(image.setting.ports, dialect, scope)):
        return refused
    argv = merged[0] + merged[1]
    scope.note(
        "MERGE-9", "argv", None, argv, "Entrypoint followed by Cmd; docker inspect shows Path and Args"
    )
    shell = shell_command(argv)
    if shell is not None and shell.parameters:
        note = "the words after the text of the shell: the text can use them as $0, $1 ..."
        scope.note("EXEC-21", "shell parameters", (), shell.parameters, note)
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
            scope.note(
                "MERGE-18", "argv", None, ("",), "Entrypoint and Cmd are empty: Podman runs an empty word"
            )
            return (), ("",)
        scope.note("MERGE-8", "argv", None, None, "Entrypoint and Cmd are empty: there is nothing to run")
        codes = Codes(dialect.refused_create, run=125)
        return Refusal("create", "no-command", "no command specified", codes=codes)
    return entrypoint, cmd


def merged_setting(image: Setting, request: Request, dialect: Dialect) -> Setting:
    """The setting of a container: the request's values, and the image's for the rest (EXEC-3).

    A variable without a value may take the one of the engine's service. Of these only PATH is known: it
    contains the usual folders.

    Source: moby/moby, `daemon/commit.go:merge`, `daemon/container.go:CreateDaemonEnvironment`;
    containers/podman, `pkg/specgenutil/specgen.go:FillOutSpecGen`.
    """
    written = request.working_dir or image.working_dir
    folder = working_dir(request.working_dir, image.working_dir, dialect) if written else ROOT
    env = _merged_variables(image, request.env, dialect)
    return replace(image, env=env, working_dir=folder, user=request.user or image.user)


def _merged_variables(image: Setting, words: Words, dialect: Dialect) -> tuple[tuple[str, str], ...]:
    """The variables of a container: those of the image, changed by the words of a request's `Env`."""
    variables = _of_image(image, dialect, requested=bool(words))
    if "PATH" not in dict(variables):
        variables = (("PATH", DEFAULT_PATH), *variables)
    if not words:
        return variables
    env = dict(variables)
    for word in words:
        name, assigned, value = word.partition("=")
        if assigned:
            env[name] = value
        elif dialect.env_without_value == "the service's own":
            env |= {"PATH": DEFAULT_PATH} if name == "PATH" else {}
        else:
            env.pop(name, None)
    return tuple(env.items())


def _of_image(image: Setting, dialect: Dialect, *, requested: bool) -> tuple[tuple[str, str], ...]:
    """The variables that a container has from its image, one of which a saved config may have twice (LOAD-1).

    Args:
        image: The setting of the image.
        dialect: How the engine behaves.
        requested: Whether the request has variables. Docker adds those of the image that are not there yet.
    """
    env = dict(image.env)
    if len(env) < len(image.env) and dialect.repeated_variables == "the first one":
        return tuple(dict(reversed(image.env)).items()) if requested else image.env
    if "PATH" in image.unassigned and env["PATH"] == "" and dialect.image_variables == "the service's own":
        del env["PATH"]
    return tuple(env.items())


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
    ("MERGE-1", "Entrypoint"): "from the image",
    ("MERGE-1", "Cmd"): "from the image",
    ("MERGE-2", "Cmd"): "the request's Cmd replaces the image's",
    ("MERGE-3", "Entrypoint"): "from the request",
    ("MERGE-3", "Cmd"): "an Entrypoint in the request drops the image's Cmd",
    ("MERGE-4", "Entrypoint"): "from the request",
    ("MERGE-4", "Cmd"): "an Entrypoint in the request drops the image's Cmd",
    ("MERGE-5", "Entrypoint"): "an empty list in the request drops the image's Entrypoint and keeps its Cmd",
    ("MERGE-6", "Cmd"): "an empty list in the request counts as no Cmd",
    ("MERGE-7", "Entrypoint"): "a list of one empty word counts as no Entrypoint",
}


def row_of(entrypoint: Words | Absent | None, cmd: Words | Absent | None) -> Row:
    """Return the row of a request's Entrypoint and Cmd."""
    given_cmd = _given(cmd)
    return MERGE_TABLE[_given(entrypoint), "words" if given_cmd == '[""]' else given_cmd]


def _given(words: Words | Absent | None) -> Given:
    if not isinstance(words, tuple):
        return "null"
    if words == ("",):
        return '[""]'
    return "words" if words else "[]"
