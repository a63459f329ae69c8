"""From an engine's error message to the refusal that it reports.

The messages differ between builders and versions; the kinds of refusals do not.
"""

import re
from collections.abc import Sequence
from typing import Final

from cmdpoint.engines.driver import buildah_messages as buildah
from cmdpoint.oracle.outcome import Codes, Refusal
from cmdpoint.oracle.refusals import Kind, Phase

UNKNOWN: Final = Codes()
"""No code is known."""

_OF_PODMANS_CHANGES: Final[tuple[tuple[str, Phase, Kind], ...]] = (
    (r"invalid change .* - invalid instruction|did not understand change", "parse", "forbidden-change"),
    (r"not supported as changes|provide a source image with `from` prior", "parse", "forbidden-change"),
    (r"invalid change ", "parse", "bad-change"),
)

_BUILD: Final[tuple[tuple[str, Phase, Kind], ...]] = (
    (r"is not a valid change command", "parse", "forbidden-change"),
    *_OF_PODMANS_CHANGES,
    (
        r"cannot unmarshal|no image was loaded|payload does not match any of the supported",
        "build",
        "bad-config",
    ),
    (r"dockerfile.* cannot be empty", "parse", "empty-dockerfile"),
    (r"file with no instructions", "parse", "no-instructions"),
    (r"unterminated heredoc", "parse", "unterminated-heredoc"),
    (r"only one \S+ parser directive|invalid escape token", "parse", "bad-directive"),
    (r"greater than max allowed size", "parse", "line-too-long"),
    (r"allowed as an onbuild trigger|chaining onbuild|is not a command type", "parse", "forbidden-trigger"),
    (r"trigger should be a single expression", "parse", "bad-trigger"),
    (r"must have two arguments|can't find =|names can not be blank|unknown type", "parse", "bad-syntax"),
    (r"volume specified can not be an empty string", "parse", "bad-syntax"),
    (r"missing command after healthcheck", "parse", "missing-argument"),
    (r"exactly one argument|at least two arguments|takes no arguments", "parse", "argument-count"),
    (r"missing a value on flag|duplicate flag specified|expecting boolean value", "parse", "bad-flag"),
    (r"time: (?:missing unit|unknown unit|invalid duration)|cannot be less than 1ms", "parse", "bad-flag"),
    (r"--retries (?:must be|cannot be)|strconv\.ParseInt: parsing|invalid network mode", "parse", "bad-flag"),
    (r"invalid chmod parameter|^invalid syntax$|--\w+ option requires BuildKit", "build", "bad-flag"),
    (
        r"invalid (?:containerPort|hostPort|proto|port|IP address|ranges)|no port specified",
        "build",
        "bad-port",
    ),
    (
        r"convert uid/gid chown string|invalid user index|/etc/(?:passwd|group): no such file",
        "build",
        "bad-user",
    ),
    (r"FROM --after=", "build", "bad-flag"),
    (r"needs to be an absolute path", "build", "relative-working-dir"),
    (r"parse error.*: (?:invalid field '.*' must|failed to parse csv mounts)", "parse", "bad-flag"),
    (r"invalid field '.*' must be a key=value pair", "build", "bad-flag"),
    (r"failed to parse platform |empty platform value", "build", "bad-flag"),
    (r"attempted to redefine |parsing TARGETPLATFORM value", "build", "bad-syntax"),
    (r"invalid signal", "build", "bad-signal"),
    (r"invalid environment variable|cannot normalize nothing", "build", "bad-syntax"),
    (
        r"no source files were specified|file not found in build context|syntax in pattern",
        "build",
        "bad-source",
    ),
    (
        r"invalid from flag value [-+\d]+:|invalid stage index|circular dependency",
        "build",
        "bad-source",
    ),
    (r"it needs to be defined before current stage", "build", "bad-source"),
    (r"variable expansion is not supported for --from", "build", "invalid-reference"),
    (r"failed to compute cache key|failed to calculate checksum", "build", "bad-source"),
    (r"(?:COPY|ADD) failed: stat .*: file does not exist|forbidden path outside", "build", "bad-source"),
    (r"(?:^|\")lstat /\S*: no such file or directory", "build", "bad-source"),
    (r"the destination must be a directory and end with a /|copier: stat: ", "build", "bad-source"),
    (
        r"mkdir: \S+ is not a directory|(?:mkdir|lstat) \S+: not a directory|too many (?:links|levels)"
        r"|file name too long|\bcannot copy to non-directory: ",
        "build",
        "bad-path",
    ),
    (r"contains no stages to build", "parse", "no-stages"),
    (r"no build stage in current context", "parse", "no-current-stage"),
    (r"closed the connection without an answer", "parse", "no-answer"),
    (r"unknown instruction: ", "parse", "unknown-instruction"),
    (r"unknown flag: ", "parse", "unknown-flag"),
    (r"arrays must be comprised of strings only", "parse", "not-all-strings"),
    (r"requires the arguments to be in json form", "parse", "shell-not-exec-form"),
    (r"requires at least one argument", "parse", "missing-argument"),
    (r"from requires either one or three arguments", "parse", "argument-count"),
    (r"invalid name for build stage", "parse", "bad-stage-name"),
    (r"failed to parse check options", "parse", "bad-directive"),
    (r"invalid context name", "build", "bad-stage-name"),
    (r"stage name already used", "build", "duplicate-stage-name"),
    (r"no image was generated", "build", "empty-image"),
    (r"should not be blank", "build", "blank-base-name"),
    (r"failed to process|unsupported modifier|unexpected end of statement", "build", "bad-syntax"),
    (r"target stage .* could not be found|failed to reach build target", "build", "no-such-target"),
    (r"invalid reference format|failed to parse stage name", "build", "invalid-reference"),
    (
        r"pull access denied|manifest unknown|failed to resolve|no such host|dial tcp|no such image"
        r"|network is unreachable",
        "build",
        "no-such-image",
    ),
)

_CREATE: Final[tuple[tuple[str, Kind], ...]] = (
    (r"no command (?:specified|or entrypoint)", "no-command"),
    (r"could not deserialize image config", "bad-config"),
    (r"cannot unmarshal|decoding request body as JSON", "bad-request"),
    (r"unable to convert image EXPOSE|for exposed port", "bad-port"),
    (r"invalid (?:environment )?variable: |invalid image env variable ", "bad-variable"),
    (r"needs to be an absolute path", "relative-working-dir"),
    (r"not a directory|too many links|file name too long", "no-working-dir"),
)

_START: Final[tuple[tuple[str, Kind], ...]] = (
    (
        r"unable to find (?:user|group)|no matching entries in|uids and gids must be|determining run [ug]id",
        "bad-user",
    ),
    (
        r"chdir(?: to | `|: )|mkdir /\S*: |initial working directory|SecureJoin |lstat \S+/merged/",
        "no-working-dir",
    ),
    (r"cwd must be an absolute path|working directory \".*\" must be absolute", "no-working-dir"),
    (r"workdir .* (?:does not exist|exists on container)|workdir: mkdir|detecting workdir", "no-working-dir"),
    (r"too many levels of symbolic links|too many symbolic links|file name too long", "bad-path"),
    (r"exec format error", "bad-format"),
    (r"found relative to current directory", "relative-program"),
    (r"invalid argument|argument list too long", "bad-word"),
    (r"executable file not found|no such file or directory|not a directory", "not-found"),
    (r"permission denied|is a directory|operation not permitted", "not-executable"),
)

_CLIENT: Final[tuple[tuple[str, Phase, Kind], ...]] = (
    (r"env fields from image failed to parse", "create", "bad-variable"),
    (r"unknown (?:shorthand )?flag|flag needs an argument|bad flag syntax", "client", "bad-option"),
    (r"invalid argument .* for .* flag|invalid (?:environment )?variable: ", "client", "bad-option"),
    (r"requires at least 1 arg", "client", "missing-image"),
    (
        r"no such image|invalid reference format|repository name must be lowercase|image not known",
        "create",
        "no-such-image",
    ),
    (r"reference parameter cannot be empty", "create", "no-such-image"),
    (r"(?m)^\s*usage:", "client", "help-asked"),
)

# Podman's message for a container that it created and cannot start.
_OF_START: Final = re.compile(r"for attach: |: OCI ")

# The beginnings of the messages of runc, older runc and crun for a program that the kernel refused.
_EXECUTING = re.compile(
    r"exec /|standard_init_linux\.go:\d+: exec|\s*\{\s*\"msg\":\s*\"exec container process"
)

_OF_INIT = re.compile(r"ERROR \(catatonit")

_LINE = re.compile(r"(?:parse error (?:on )?line|dockerfile:|\bline) ?(\d+)", re.IGNORECASE)


def build_refusal(message: str, image: str) -> Refusal:
    """The refusal that a build's error message reports.

    Args:
        message: The engine's message.
        image: The image of the case that was being built.
    """
    known = buildah.what_it_means(message)
    if known is not None:
        return Refusal(*known, message, image=image)
    for pattern, phase, kind in _BUILD:
        if re.search(pattern, message, re.IGNORECASE):
            line = _LINE.search(message)
            return Refusal(phase, kind, message, int(line[1]) if line else None, image)
    return Refusal("build", "unclassified", message, image=image)


def is_of_start(message: str) -> bool:
    """Whether a client's message shows that a container was created, but did not start or ended at once."""
    return bool(_OF_START.search(message) or _EXECUTING.match(message) or _OF_INIT.match(message))


def create_refusal(message: str, codes: Codes = UNKNOWN) -> Refusal:
    """The refusal that the error message of a create request reports; see `start_refusal`."""
    return Refusal("create", _kind(message, _CREATE), message, codes=codes)


def client_refusal(message: str, codes: Codes, *, created: bool) -> Refusal:
    """The refusal that `docker run` or `docker create` reports.

    Args:
        message: The client's message.
        codes: The status and exit codes.
        created: Whether a container was created.
    """
    if created:
        return start_refusal(message, codes)
    for pattern, phase, kind in _CLIENT:
        if re.search(pattern, message, re.IGNORECASE):
            return Refusal(phase, kind, message, codes=codes)
    return create_refusal(message, codes)


def start_refusal(message: str, codes: Codes = UNKNOWN) -> Refusal:
    """The refusal that is reported if a container does not start, or prints only an error message.

    Args:
        message: The engine's message, or the container's standard error.
        codes: The status and exit codes.
    """
    kind = _kind(message, _START)
    if kind == "not-found" and re.match(_EXECUTING, message):
        kind = "no-interpreter"
    return Refusal("start", kind, message, codes=codes)


def _kind(message: str, known: Sequence[tuple[str, Kind]]) -> Kind:
    """The kind of the first pattern that matches a message, in any letter case."""
    found = (kind for pattern, kind in known if re.search(pattern, message, re.IGNORECASE))
    return next(found, "unclassified")
