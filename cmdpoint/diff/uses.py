"""The ways to use an image: with and without arguments, with another entrypoint, in a pod, and as a base.

A pod's `command` and `args` are the Entrypoint and the Cmd of a create request. Source: Kubernetes, "Define a
Command and Arguments for a Container"; containerd, `internal/cri/opts/spec_opts.go:WithProcessArgs`.
"""

from dataclasses import dataclass
from typing import Final

from cmdpoint.oracle.case import Case, CommandLine, Image, Request, Words
from cmdpoint.oracle.clients.docker_run import command_line
from cmdpoint.oracle.files import File
from cmdpoint.oracle.outcome import Outcome, Prediction, Process
from cmdpoint.upgrade.compare import Build

ARGUMENT: Final = "ARG"
OPTION: Final = "--option"
PROGRAM: Final = "/program"

NAME: Final = "cmdpoint.invalid/image"
"""The name of the image in a case."""

ContextFiles = tuple[tuple[str, File], ...] | None
"""The files of a build context by path; None if they are not known."""


@dataclass(frozen=True, slots=True)
class Use:
    """A way to use an image.

    Attributes:
        name: Its name in JSON.
        text: What a user writes.
        request: How the container is created.
        child: The instructions of an image that is built on it, and run instead; empty if none is.
        words: The words that the use adds, for which ARG and others stand.
        only_triggers: Whether it matters only if the image has ONBUILD triggers.
    """

    name: str
    text: str
    request: Request | CommandLine
    child: str = ""
    words: Words = ()
    only_triggers: bool = False

    def case(self, dockerfile: str, build: Build, files: ContextFiles) -> Case:
        """The case in which the image of a Dockerfile is used like this.

        Args:
            dockerfile: The text.
            build: How it is built.
            files: The files of the build context, if they are known.
        """
        image = Image(NAME, dockerfile, build.target, build.arguments, files)
        if not self.child:
            return Case((image,), self.request)
        # What is known of the files stays known: the child adds none.
        context = None if files is None else ()
        return Case((image, Image("child", f"FROM {NAME}\n{self.child}\n", context=context)), self.request)


def outcome_of(prediction: Prediction, words: Words) -> Outcome:
    """The outcome of a use.

    Args:
        prediction: The prediction.
        words: The words that the use adds. The image is taken to contain a program that they name.
    """
    planned = prediction.planned
    return planned if isinstance(planned, Process) and planned.argv[0] in words else prediction.outcome


_PLAIN: Final = command_line(None, ())

USES: Final = (
    Use("run", "docker run IMAGE, or a pod without command and args", _PLAIN),
    Use(
        "arguments",
        f"docker run IMAGE {ARGUMENT}, or a pod with args",
        command_line(None, (ARGUMENT,)),
        words=(ARGUMENT,),
    ),
    Use("option", f"docker run IMAGE {OPTION}", command_line(None, (OPTION,)), words=(OPTION,)),
    Use(
        "entrypoint",
        f"docker run --entrypoint {PROGRAM} IMAGE, or a pod with command",
        command_line(PROGRAM, ()),
        words=(PROGRAM,),
    ),
    Use(
        "entrypoint-arguments",
        f"docker run --entrypoint {PROGRAM} IMAGE {ARGUMENT}, or a pod with command and args",
        command_line(PROGRAM, (ARGUMENT,)),
        words=(PROGRAM, ARGUMENT),
    ),
    Use(
        "no-entrypoint",
        f'docker run --entrypoint "" IMAGE {ARGUMENT}',
        command_line("", (ARGUMENT,)),
        words=(ARGUMENT,),
    ),
    Use("base", "FROM IMAGE", _PLAIN, "LABEL a=b", only_triggers=True),
    Use(
        "base-cmd",
        f'FROM IMAGE with CMD ["{PROGRAM}"]',
        _PLAIN,
        f'CMD ["{PROGRAM}"]',
        words=(PROGRAM,),
    ),
    Use("base-shell-cmd", f"FROM IMAGE with CMD {PROGRAM}", _PLAIN, f"CMD {PROGRAM}", words=(PROGRAM,)),
    Use(
        "base-entrypoint",
        f'FROM IMAGE with ENTRYPOINT ["{PROGRAM}"]',
        _PLAIN,
        f'ENTRYPOINT ["{PROGRAM}"]',
        words=(PROGRAM,),
    ),
)
"""All ways, in the order in which they are reported."""
