"""The input of a prediction: a case, that is images and how each is made, and how the last one is run.

All of it is frozen data. The result is in `outcome`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, Self

from cmdpoint.oracle.files import ROOT, UNKNOWN, File, Files

Words = tuple[str, ...]
"""A list of words as in Docker's JSON: an entrypoint, a command, an argv."""


class Absent(Enum):
    """The type of `ABSENT`: a key that a request does not have."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT
"""A request's missing key. JSON distinguishes it from `null` (None) and from `[]` (an empty tuple)."""


@dataclass(frozen=True, slots=True)
class Image:
    """One image of a case, built from a Dockerfile.

    Attributes:
        name: Its name in the FROM of later images of the case.
        dockerfile: The text. A byte that is not UTF-8 is its surrogate escape (PEP 383).
        target: The stage to build (`docker build --target`), or None for the last one.
        build_args: What `--build-arg` sets: pairs of name and value.
        context: The files of the build context by path, its root as `/`, all folders included; None if they
            are not known.
    """

    name: str
    dockerfile: str
    target: str | None = None
    build_args: tuple[tuple[str, str], ...] = ()
    context: tuple[tuple[str, File], ...] | None = None


BODY_KEYS: Final = ("Entrypoint", "Cmd", "Env", "WorkingDir", "User", "HostConfig")
"""The keys of the body of a create request that decide what a container runs."""


def unused_spelling(key: str, body: Mapping[str, Any]) -> str:
    """A key in a letter case that a body does not have.

    An object under it is decoded into the earlier value, and changes only the members that it has (MERGE-12).

    Args:
        key: The key.
        body: The body of a request.
    """
    spellings = (key, *(key[:at].upper() + key[at:].lower() for at in range(len(key))))
    return next(spelling for spelling in spellings if spelling not in body)


@dataclass(frozen=True, slots=True)
class Request:
    """The keys of `POST /containers/create` that decide what a container runs.

    Attributes:
        entrypoint: `Entrypoint`: absent, null (None), or a list of words, which may be empty.
        cmd: `Cmd`, likewise.
        env: `Env`: words `NAME=value`; a word without = removes the variable.
        working_dir: `WorkingDir`; empty for the image's.
        user: `User`; empty for the image's.
        init: `HostConfig.Init`: whether an init process runs the command.
    """

    entrypoint: Words | Absent | None = ABSENT
    cmd: Words | Absent | None = ABSENT
    env: Words = ()
    working_dir: str = ""
    user: str = ""
    init: bool = False

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Request":
        """The request of a JSON body, whose values have the right types; see `body`."""
        lists = {"entrypoint": body.get("Entrypoint", ABSENT), "cmd": body.get("Cmd", ABSENT)}
        words = {key: tuple(value) if isinstance(value, list) else value for key, value in lists.items()}
        others = (tuple(body.get("Env") or ()), body.get("WorkingDir") or "", body.get("User") or "")
        return cls(
            words["entrypoint"], words["cmd"], *others, bool((body.get("HostConfig") or {}).get("Init"))
        )

    def body(self) -> dict[str, Any]:
        """The JSON body of the request, without what is absent or empty."""
        lists = {"Entrypoint": self.entrypoint, "Cmd": self.cmd}
        body: dict[str, Any] = {
            key: None if value is None else list(value)
            for key, value in lists.items()
            if not isinstance(value, Absent)
        }
        others = {"Env": list(self.env), "WorkingDir": self.working_dir, "User": self.user}
        body |= {key: value for key, value in others.items() if value}
        return body | ({"HostConfig": {"Init": True}} if self.init else {})


@dataclass(frozen=True, slots=True)
class RawRequest:
    """The body of `POST /containers/create` where a `Request` cannot express it (MERGE-11, MERGE-12).

    Attributes:
        text: The text of a JSON object: keys of a request's body in any letter case, with any values.
    """

    text: str

    def body(self) -> dict[str, Any]:
        """The JSON body of the request."""
        body: dict[str, Any] = json.loads(self.text)
        return body


@dataclass(frozen=True, slots=True)
class Commit:
    """An image made of a container of another image: `docker commit`.

    Attributes:
        name: Its name in later images of the case.
        base: The name of the container's image.
        request: The request that created the container.
        changes: The value of each `--change`.
    """

    name: str
    base: str
    request: "Request" = field(default_factory=lambda: Request())  # noqa: PLW0108 - the class stands below
    changes: Words = ()


@dataclass(frozen=True, slots=True)
class Import:
    """An image made of an archive of the probe's files: `docker import`.

    Attributes:
        name: Its name in later images of the case.
        changes: The value of each `--change`.
    """

    name: str
    changes: Words = ()


@dataclass(frozen=True, slots=True)
class Load:
    """A saved image with the probe's files: `docker load`.

    Attributes:
        name: Its name in later images of the case.
        config: The `config` of its JSON, as the text of an object.
    """

    name: str
    config: str


@dataclass(frozen=True, slots=True)
class Tag:
    """Another name for an image: `docker tag`.

    Attributes:
        name: The new name; an image that had it before loses it.
        base: The image's present name.
    """

    name: str
    base: str


@dataclass(frozen=True, slots=True)
class CommandLine:
    """The words after `docker run`.

    Attributes:
        words: Options, the word `docker_run.IMAGE` for the case's image, and the arguments.
        local: Whether Podman's client creates the container itself, as `podman run` does on Linux. Otherwise
            the client sends a request, as `docker run` and `podman --remote run` do (MERGE-20).
    """

    words: Words
    local: bool = False


@dataclass(frozen=True, slots=True)
class PyCall:
    """The arguments of docker-py's `client.containers.create`, besides the image.

    Attributes:
        command: A list of words, or one string; or None.
        entrypoint: Likewise.
    """

    command: str | Words | None = None
    entrypoint: str | Words | None = None


ContainerRequest = Request | RawRequest | CommandLine | PyCall
"""How a container is requested."""

Origin = Image | Commit | Import | Load | Tag
"""How an image is made."""

Chain = tuple[Origin, ...]
"""Images that are made one after the other."""


@dataclass(frozen=True, slots=True)
class Case:
    """A chain of images, each of which may be a later one's base, and how the last one is run."""

    images: Chain
    request: ContainerRequest = Request()


DEFAULT_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""The PATH of a container whose image and request set none (EXEC-3)."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The environment, working folder and user of a program, and the ports of its image.

    Attributes:
        env: The environment, as pairs of name and value.
        working_dir: The working folder; empty for `/`.
        user: The user; empty for root.
        ports: What EXPOSE of the image had, where a builder does not read it: pairs of port and protocol.
        unassigned: The words of a stored `Env` that are no assignment: they have no name or no value.
    """

    env: tuple[tuple[str, str], ...] = ()
    working_dir: str = ""
    user: str = ""
    ports: tuple[tuple[str, str], ...] = ()
    unassigned: Words = ()

    @classmethod
    def with_variables(cls, words: Words, working_dir: str = "", user: str = "") -> Self:
        """The setting that has the words of an `Env` as its variables."""
        env = tuple((name, value) for name, _, value in (word.partition("=") for word in words))
        return cls(env, working_dir, user, unassigned=tuple(w for w in words if "=" not in w[1:]))


@dataclass(frozen=True, slots=True)
class ImageConfig:
    """The part of an image's config that decides what runs. No list and the empty list are the same here.

    Attributes:
        entrypoint: `Entrypoint`; empty where the image has none.
        cmd: `Cmd`; empty where the image has none.
        shell: `Shell`, the words that SHELL set; empty where it never did.
        on_build: `OnBuild`, the triggers for later builds.
        setting: The environment, working folder and user. They are not compared: few instructions set them,
            and they show in what starts.
        strings_for_lists: The keys that were saved with a string instead of a list (LOAD-1).
        unreadable: Whether it was saved with a value of the wrong type, and loaded all the same (LOAD-4).
        files: The image's files, or None where they are not known.
        open_paths: The paths at and below which the build may have added or changed others
            (STATE-32, STATE-33).
        certain_files: If the build context is given: the files that are at their paths whatever else the
            image has.
    """

    entrypoint: Words = ()
    cmd: Words = ()
    shell: Words = ()
    on_build: Words = ()
    setting: Setting = field(default=Setting(), compare=False, repr=False)
    strings_for_lists: Words = field(default=(), compare=False, repr=False)
    unreadable: bool = field(default=False, compare=False, repr=False)
    files: Files | None = field(default=None, compare=False, repr=False)
    open_paths: Words = field(default=(), compare=False, repr=False)
    certain_files: Files = field(default_factory=dict, compare=False, repr=False)

    @property
    def files_at_start(self) -> Files | None:
        """The files when a container starts; see `files_at_start`."""
        return files_at_start(self.files, self.open_paths, self.certain_files)


def files_at_start(files: Files | None, open_paths: Words, certain_files: Files) -> Files | None:
    """The files of an image, those that are not known included; None if any may be anywhere.

    With a build context: the certain files and an unknown root. A folder that keeps users out is unknown.
    """
    if files is not None and ROOT not in open_paths:
        closed = [path for path, file in files.items() if file.private and file.kind == "folder"]
        return {**files, **dict.fromkeys((*closed, *open_paths), UNKNOWN)} if closed or open_paths else files
    return {ROOT: UNKNOWN, **certain_files} if certain_files else None
