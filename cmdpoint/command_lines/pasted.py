"""Read a pasted command line: which client and command it is, and the words behind the command."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final, Literal

from cmdpoint.command_lines.clients import EXEC_VALUED, GLOBAL_VALUED, NOT_COVERED, REMOTE, RUN, SUDO_VALUED
from cmdpoint.command_lines.faults import BadCommandLine, NotCovered
from cmdpoint.command_lines.hints import COMPOSE, POD
from cmdpoint.command_lines.shell_text import commands
from cmdpoint.oracle.case import Words

Client = Literal["docker", "podman"]

_HINT: Final = (
    "write the docker run line that it stands for, as in cmdpoint explain -- docker run IMAGE ARGS..."
)
_HINTS: Final = {
    **dict.fromkeys(("kubectl", "oc", "helm", "crictl"), POD),
    **dict.fromkeys(("docker compose", "docker-compose", "podman compose", "podman-compose"), COMPOSE),
}
"""What to do instead, by what is not covered."""

_ASSIGNMENT: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=.*", re.DOTALL)
_WRAPPERS: Final = frozenset({"command", "env", "exec", "nohup", "time", "winpty"})
"""Programs that run the words behind them."""

_CLIENT_WITHIN: Final = re.compile(r"\s(?:docker|podman)\s+(?:container\s+)?(?:run|create|exec)\s")

_PASTED: Final = re.compile(r"\s*(?:[$#]\s+)?\S+\s+\S")


@dataclass(frozen=True, slots=True)
class RunLine:
    """`docker run`, `docker create`, or the same of Podman.

    Attributes:
        client: Whose command it is.
        words: The words behind `run`: options, the image, and the arguments.
        remote: Whether it is Podman's client with an option such as `--remote`, which sends a request.
    """

    client: Client
    words: Words
    remote: bool = False


@dataclass(frozen=True, slots=True)
class ExecLine:
    """`docker exec` or `podman exec`: a second process in a running container.

    Attributes:
        client: Whose command it is.
        container: The container's name.
        words: The words of the process.
    """

    client: Client
    container: str
    words: Words


@dataclass(frozen=True, slots=True)
class Arguments:
    """The words behind the image, without the command line around them."""

    words: Words


def read_pasted(words: Sequence[str]) -> RunLine | ExecLine | Arguments:
    r"""Read what a user gives after `--`.

    Args:
        words: A command line, as words, or as one word with blanks; line ends after `\` do not matter.
            Other words are arguments.

    Raises:
        NotCovered: It is the command line of another program, or another command.
        BadCommandLine: Its quotes are not closed, or `exec` lacks a word.
    """
    given = tuple(words)
    if len(given) == 1 and _PASTED.match(given[0]):
        given = _pasted(given[0])
    # A blank behind `\\` at a line end becomes a word of its own; an empty word is meant.
    line = [word for word in given if not word.isspace()] if _is_client_line(given) else []
    rest = _without_prefix(line)
    if not rest:
        if len(words) == 1 and _CLIENT_WITHIN.search(words[0]):
            raise NotCovered(
                "the words in front of docker or podman are not covered",
                "cmdpoint knows sudo, assignments of variables, and wrappers such as time",
                "paste the text from docker or podman on",
            )
        return Arguments(tuple(words))
    name = PurePosixPath(rest[0]).name
    if name in NOT_COVERED:
        raise _not_covered(name)
    client: Client = "podman" if name == "podman" else "docker"
    behind = _without_options(list(rest[1:]), GLOBAL_VALUED[client])
    options = rest[1 : len(rest) - len(behind)]
    remote = client == "podman" and any(word.partition("=")[0] in REMOTE for word in options)
    return _command(client, behind, remote=remote)


def _pasted(text: str) -> Words:
    """The words of the command that runs a container, of several perhaps; otherwise of the first client's."""
    joined = re.sub(r"\\[ \t]*\r?\n", " ", text)
    lines = [_split(each) for each in commands(joined)]
    clients = [line for line in lines if _is_client_line(line)]
    starts = [line for line in clients if not {"run", "create", "exec"}.isdisjoint(line[:8])]
    return next(iter([*starts, *clients, *lines]), ())


def _split(text: str) -> Words:
    try:
        return tuple(shlex.split(text))
    except ValueError as error:
        raise BadCommandLine(
            "the pasted command line cannot be split into words", str(error), "close the quote"
        ) from error


def _is_client_line(words: Words) -> bool:
    rest = _without_prefix([word for word in words if not word.isspace()])
    if len(rest) < 2:
        return False
    name = PurePosixPath(rest[0]).name
    return name in ("docker", "podman") or name in NOT_COVERED


def _without_prefix(words: list[str]) -> list[str]:
    """The words without a prompt, assignments of variables, wrappers, and sudo with its options."""
    rest = words[1:] if words[:1] in (["$"], ["#"]) else list(words)
    while rest and (rest[0] in _WRAPPERS or _ASSIGNMENT.fullmatch(rest[0])):
        rest.pop(0)
    if rest[:1] == ["sudo"]:
        rest = _without_options(rest[1:], SUDO_VALUED)
        while rest and _ASSIGNMENT.fullmatch(rest[0]):
            rest.pop(0)
    return rest


def _without_options(words: list[str], valued: frozenset[str]) -> list[str]:
    rest = list(words)
    while rest and rest[0].startswith("-"):
        option = rest.pop(0)
        if option == "--":
            break
        if option in valued and rest:
            rest.pop(0)
    return rest


def _command(client: Client, rest: list[str], *, remote: bool) -> RunLine | ExecLine:
    words = rest[1:] if rest[:1] == ["container"] else rest
    command = words[0] if words else ""
    if command in RUN:
        return RunLine(client, tuple(words[1:]), remote)
    if command == "exec":
        container, *program = [*_without_options(words[1:], EXEC_VALUED), ""][:-1] or [""]
        if not container or not program:
            raise BadCommandLine(
                f"{client} exec lacks a word",
                "it needs the name of a container and a program",
                f"write {client} exec CONTAINER PROGRAM",
            )
        return ExecLine(client, container, tuple(program))
    raise _not_covered(f"{client} {command}".strip())


def _not_covered(name: str) -> NotCovered:
    return NotCovered(
        f"{name} is not covered",
        "cmdpoint knows how docker run, docker create, podman run, podman create and exec read their words",
        _HINTS.get(name, _HINT),
    )
