"""How much a case looks like what people write, so that typical cases are shown first."""

import re
from typing import Final

from cmdpoint.oracle.case import Case, CommandLine, Image, Request
from cmdpoint.oracle.clients.docker_run import IMAGE
from cmdpoint.oracle.comparison import Level

_USUAL_LINE: Final = re.compile(r"(?:FROM|CMD|ENTRYPOINT) [ -~]+|#[ -~]*|")

_NO_WORDS: Final = (Request(), Request(None, None), CommandLine((IMAGE,)))
"""The requests of an image without arguments."""


def command_of(case: Case, level: Level) -> object:
    """A key for the images and the command of a case.

    Args:
        case: The case.
        level: The level of the comparison; at `config`, the request does not matter.

    Returns:
        The same key for all requests without words.
    """
    return case.images, None if level == "config" or case.request in _NO_WORDS else case.request


def untypical(case: Case) -> int:
    """How many lines and words of a case are unusual; 0 for a Dockerfile with CMD and ENTRYPOINT only.

    Args:
        case: The case.
    """
    unusual = len(case.images) - 1 if case.images else 0
    for image in case.images:
        if not isinstance(image, Image):
            unusual += 3
            continue
        unusual += bool(image.target) + len(image.build_args)
        lines = image.dockerfile.split("\n")
        unusual += sum(_USUAL_LINE.fullmatch(line) is None for line in lines)
        # A file with several stages is longer than it needs to be for most rules.
        unusual += max(0, sum(line.startswith("FROM") for line in lines) - 1)
    return unusual + (case.request not in _NO_WORDS)
