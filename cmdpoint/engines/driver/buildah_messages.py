"""Interpret the error messages of Buildah, Podman's builder.

Buildah checks an instruction when it reaches it, and reports the kind of error, but no line. A message can
quote the Dockerfile before it gives the reason, so patterns match at its beginning and after the quotation.
"""

import re
from typing import Final

from cmdpoint.oracle.refusals import Kind, Phase

_WHOLE: Final[tuple[tuple[str, Phase, Kind], ...]] = (
    (r'(?:error )?building at STEP ".*": Build error: Unknown instruction: ', "build", "unknown-instruction"),
    (r"no contents in ", "parse", "empty-dockerfile"),
    (r"(?:error )?building: no stages to build", "parse", "no-stages"),
    (r"(?:error )?determining starting point for build: no FROM statement found", "build", "blank-base-name"),
    (r"no FROM statement found", "build", "no-current-stage"),
    (r"Missing ':'|Unsupported modifier |unexpected end of ", "build", "bad-syntax"),
    (r"FROM requires either one argument, or three", "build", "argument-count"),
    (r"(?:ADD|COPY|FROM|RUN) only supports the ", "build", "unknown-flag"),
    (r"(?:ADD|COPY) --\S+ is not supported", "build", "unknown-flag"),
    (r"COPY --from=.*: no stage or image found with that name", "build", "no-such-image"),
    (r"COPY: invalid --from flag", "build", "bad-flag"),
    (r"unable to resolve argument ", "build", "bad-syntax"),
    (r"no value specified for --|parsing chmod |unable to parse platform ", "build", "bad-flag"),
    (r".*checking on destination .*: too many levels of symbolic links", "build", "bad-path"),
    (r"[Tt]he target .* was not found in the provided Dockerfile", "build", "no-such-target"),
)
"""Patterns for the beginning of whole messages."""

_WRAPPED: Final = re.compile(
    r"""(?:error\ )?(?:
        (?P<parsing>parsing\ main\ Dockerfile:\ .*?:\ )|(?P<reading>reading\ multiple\ stages:\ )
        |(?:building\ at\ STEP\ ".*":\ |resolving\ step\ .*\}:\ |updating\ build\ context:\ |
            creating\ build\ container:\ |
            while\ replacing\ arg\ variables\ with\ values\ for\ (?:format\ |--after=)".*?":\ )
    )(?P<why>.*)""",
    re.DOTALL | re.VERBOSE,
)
"""A message with the step that failed, followed by the reason."""

_WHY: Final[tuple[tuple[str, Kind], ...]] = (
    (r"when using JSON array syntax, arrays must be comprised of strings only", "not-all-strings"),
    (r"invalid ESCAPE|only one escape parser directive", "bad-directive"),
    (r"bufio\.Scanner: token too long", "line-too-long"),
    (r".*: unterminated heredoc", "unterminated-heredoc"),
    (r"Chaining ONBUILD|.* isn't allowed as an ONBUILD trigger", "forbidden-trigger"),
    (r"ARG requires exactly one argument definition|FROM requires an argument", "argument-count"),
    (
        r"(?:ADD|COPY) requires at least (?:one|two) argument|.* requires exactly one argument",
        "argument-count",
    ),
    (r"HEALTHCHECK NONE takes no arguments", "argument-count"),
    (r"stage \d+ requires a FROM instruction", "no-current-stage"),
    (r".* requires at least one argument|ARG requires an? |Missing command after", "missing-argument"),
    (r".* requires the arguments to be in JSON form", "shell-not-exec-form"),
    (
        r"flag provided but not defined|bad flag syntax|flag: help requested|"
        r".* only supports? the |(?:ADD|COPY) --\S+ is not supported",
        "unknown-flag",
    ),
    (
        r"flag needs an argument|no value specified for --|time: |[Ii]nterval \".*\" must be positive",
        "bad-flag",
    ),
    (
        r"--retries must be|strconv\.Parse|invalid syntax|value out of range|[Ee]rror parsing chmod|"
        r"parsing chmod|unsupported value \".*\" for \"RUN --network",
        "bad-flag",
    ),
    (r"[Ii]nvalid signal", "bad-signal"),
    (r".*: (?:invalid mount option|must provide an argument for option)", "bad-flag"),
    (r"(?:error )?determining run [ug]id: |can't find uid for user ", "bad-user"),
    (
        r".*copier: (?:stat|get): .*(?:no such file or directory|syntax error in pattern|matched nothing"
        r"|not a directory)",
        "bad-source",
    ),
    (
        r".*(?:exists but is not a directory|chdir \S+: not a directory|write \|1: broken pipe"
        r"|from copier subprocess: EOF)\s*$",  # the reason is lost at random
        "bad-path",
    ),
    (r".* must have two arguments|Syntax error - can't find =|Unknown type ", "bad-syntax"),
    (
        r"Volume specified can not be an empty string|error parsing TARGETPLATFORM |attempted to redefine ",
        "bad-syntax",
    ),
    (r"Missing ':'|Unsupported modifier|Failed to process |unexpected end of statement", "bad-syntax"),
    (r".*: no (?:prefix|suffix) to remove|.*/: no pattern to replace|processing ARG ", "bad-syntax"),
    (r".*(?:invalid reference format|repository name must be lowercase)", "invalid-reference"),
    (
        r".*(?:dial tcp|[Ii]nvalid image name|did not resolve to an alias|no stage or image found|"
        r"no such image|image not known)",
        "no-such-image",
    ),
)
"""Patterns for the beginning of the reason."""


def what_it_means(message: str) -> tuple[Phase, Kind] | None:
    """The phase and the kind of a refusal, or None if the message is not Buildah's.

    Args:
        message: The engine's message.
    """
    for pattern, phase, kind in _WHOLE:
        if re.match(pattern, message, re.DOTALL):
            return phase, kind
    wrapped = _WRAPPED.match(message)
    if wrapped is None:
        return None
    why = wrapped["why"]
    for pattern, kind in _WHY:
        if re.match(pattern, why, re.DOTALL):
            # Variables that cannot be read are refused by the build, even if they are found while parsing.
            parse = wrapped["parsing"] or (wrapped["reading"] and kind != "bad-syntax")
            return "parse" if parse else "build", kind
    return None
