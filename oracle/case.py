"""What goes in: a case, that is images and how they come to be, and how the last is asked to run.

All of it is plain frozen data. What comes out is in `outcome`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from cmdpoint.oracle.files import Files

Words = tuple[str, ...]
"""A list of words as Docker's JSON carries it: an entrypoint, a command, an argv."""


class Absent(Enum):
    """The type of `ABSENT`: a key that a request does not carry at all."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT
"""A request's missing key, which JSON can tell from `null` (None) and from `[]` (an empty tuple)."""


@dataclass(frozen=True, slots=True)
class Image:
    """One image of a case, built from a Dockerfile.

    Attributes:
        name: What later images of the case call it in FROM.
        dockerfile: The text. A byte that is not UTF-8 stands as its surrogate escape (PEP 383).
        target: The stage to build (`docker build --target`), or None for the last one.
        build_args: What `--build-arg` sets: pairs of name and value.
    """

    name: str
    dockerfile: str
    target: str | None = None
    build_args: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """What a request to create a container says of what runs: keys of `POST /containers/create`.

    Attributes:
        entrypoint: `Entrypoint`: absent, null (None), or a list of words, which may be empty.
        cmd: `Cmd`, likewise.
        env: `Env`: words `NAME=value`; a word without = takes the name away.
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
        """The request of a JSON body, whose values are of the right types; see `body`."""
        lists = {"entrypoint": body.get("Entrypoint", ABSENT), "cmd": body.get("Cmd", ABSENT)}
        words = {key: tuple(value) if isinstance(value, list) else value for key, value in lists.items()}
        others = (tuple(body.get("Env") or ()), body.get("WorkingDir") or "", body.get("User") or "")
        return cls(
            words["entrypoint"], words["cmd"], *others, bool((body.get("HostConfig") or {}).get("Init"))
        )

    def body(self) -> dict[str, Any]:
        """The keys as the request's JSON carries them; what is absent or empty is not there."""
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
class Commit:
    """An image made of a container that was created from another image: `docker commit`.

    Attributes:
        name: What later images of the case call it.
        base: The name of the image that the container is created from.
        request: How the container is asked for.
        changes: What each `--change` says.
    """

    name: str
    base: str
    request: "Request" = field(default_factory=lambda: Request())  # noqa: PLW0108 - the class stands below
    changes: Words = ()


@dataclass(frozen=True, slots=True)
class Import:
    """An image made of an archive of files, those of the probe: `docker import`.

    Attributes:
        name: What later images of the case call it.
        changes: What each `--change` says.
    """

    name: str
    changes: Words = ()


@dataclass(frozen=True, slots=True)
class Load:
    """An image that was saved somewhere, with the files of the probe: `docker load`.

    Attributes:
        name: What later images of the case call it.
        config: The `config` of its JSON, as text; an object.
    """

    name: str
    config: str


@dataclass(frozen=True, slots=True)
class Tag:
    """Another name for an image: `docker tag`.

    Attributes:
        name: The name; an image that bore it before is called so no more.
        base: The image's name until now.
    """

    name: str
    base: str


@dataclass(frozen=True, slots=True)
class CommandLine:
    """What somebody types: the words after `docker run`.

    Attributes:
        words: Options, the image, which `command_line.IMAGE` stands for, and its arguments.
    """

    words: Words


@dataclass(frozen=True, slots=True)
class PyCall:
    """What somebody calls `client.containers.create` of docker-py with, besides the image.

    Attributes:
        command: A list of words, or one string; or None.
        entrypoint: Likewise.
    """

    command: str | Words | None = None
    entrypoint: str | Words | None = None


Origin = Image | Commit | Import | Load | Tag
"""How an image comes to be."""

Chain = tuple[Origin, ...]
"""Images that come to be one after the other."""


@dataclass(frozen=True, slots=True)
class Case:
    """A chain of images, each of which may be a later one's base, and how the last is asked to run."""

    images: Chain
    request: Request | CommandLine | PyCall = Request()


DEFAULT_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""The PATH of a container whose image and request say nothing of it (EXEC-3)."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and as whom a program is looked for and run.

    Attributes:
        env: The environment, as pairs of name and value.
        working_dir: The working folder; empty for `/`.
        user: The user; empty for root.
    """

    env: tuple[tuple[str, str], ...] = ()
    working_dir: str = ""
    user: str = ""


@dataclass(frozen=True, slots=True)
class ImageConfig:
    """The part of an image's config that decides what runs; nothing and the empty list are the same here.

    Attributes:
        entrypoint: `Entrypoint`; empty where the image has none.
        cmd: `Cmd`; empty where the image has none.
        shell: `Shell`, the prefix that SHELL set; empty where it never did.
        on_build: `OnBuild`, the triggers kept for a later build.
        setting: Where and as whom a program is looked for and run. Not compared: few words of a Dockerfile
            decide about it, and it shows in what starts.
        strings_for_lists: The lists that it was saved with a string in place of (LOAD-1).
        unreadable: Whether it was saved with a value of the wrong type, and is kept nevertheless (LOAD-4).
        files: What the image holds, or None where that is not known.
    """

    entrypoint: Words = ()
    cmd: Words = ()
    shell: Words = ()
    on_build: Words = ()
    setting: Setting = field(default=Setting(), compare=False, repr=False)
    strings_for_lists: Words = field(default=(), compare=False, repr=False)
    unreadable: bool = field(default=False, compare=False, repr=False)
    files: "Files | None" = field(default=None, compare=False, repr=False)
