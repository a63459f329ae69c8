"""Buildah's messages, as four versions of Podman print them, and how it expands variables."""

import pytest

from cmdpoint.engines.driver.buildah_messages import what_it_means
from cmdpoint.oracle import Case, Dialect, Image, Refusal, predict
from cmdpoint.oracle.build.variables import expand

MISSING = ("build", "missing-argument")
REFERENCE = ("build", "invalid-reference")


@pytest.mark.parametrize(
    ("message", "meaning"),
    [
        ('no contents in "/var/tmp/build/Dockerfile"\n', ("parse", "empty-dockerfile")),
        ("error building: no stages to build\n", ("parse", "no-stages")),
        (
            "parsing main Dockerfile: /var/tmp/build/Dockerfile: LABEL must have two arguments\n",
            ("parse", "bad-syntax"),
        ),
        (
            "error parsing main Dockerfile: &{%!s(*os.file=&{{{0 0 0} 17 {0} <nil> 0 1 true true true} "
            "/var/tmp/build/Dockerfile <nil> false false false})}: when using JSON array syntax, arrays must "
            "be comprised of strings only\n",
            ("parse", "not-all-strings"),
        ),
        (
            'building at STEP "NOPE ": Build error: Unknown instruction: "NOPE" &imagebuilder.Step{Env:'
            '[]string{"PATH=/bin"}, Command:"nope", Message:"NOPE ", Original:"NOPE x\\": SHELL requires at '
            'least one argument"}\n',
            ("build", "unknown-instruction"),
        ),
        ('error building at STEP "COPY a": COPY requires at least one argument', ("build", "argument-count")),
        ('building at STEP "SHELL no such image": SHELL requires at least one argument', MISSING),
        ('creating build container: parsing reference "Probe": repository name must be lowercase', REFERENCE),
        (
            "resolving step {Value:onbuild Flags:[] StartLine:2}: ONBUILD requires at least one argument",
            MISSING,
        ),
        ("updating build context: EOF: unterminated heredoc\n", ("build", "unterminated-heredoc")),
        ('reading multiple stages: stage 1 requires a FROM instruction ("")', ("parse", "no-current-stage")),
        ("reading multiple stages: Missing ':' in substitution: B=${A", ("build", "bad-syntax")),
        ("Missing ':' or '#' or '%' or '/' in substitution: --after=${X\n", ("build", "bad-syntax")),
        (
            "while replacing arg variables with values for --after=\"${X\": Missing ':' in substitution",
            ("build", "bad-syntax"),
        ),
        ("no FROM statement found\n", ("build", "no-current-stage")),
        (
            "determining starting point for build: no FROM statement found\n",
            ("build", "blank-base-name"),
        ),
        (
            'building at STEP "RUN --mount=type=tmpfs,target a": resolving mountpoints for container "13": '
            "target: must provide an argument for option\n",
            ("build", "bad-flag"),
        ),
        ('building at STEP "HEALTHCHECK ----a": bad flag syntax: ----a\n', ("build", "unknown-flag")),
        ('building at STEP "HEALTHCHECK --help CMD a": flag: help requested\n', ("build", "unknown-flag")),
        ("dockerfile parse error on line 2: unknown instruction: NOPE", None),
    ],
)
def test_message(message: str, meaning: tuple[str, str] | None) -> None:
    """The reason for the refusal is found, whatever the message quotes."""
    assert what_it_means(message) == meaning


@pytest.mark.parametrize(
    ("version", "word", "value"),
    [
        ("5.8", "${X:-y}", "probe"),
        ("5.8", "${NONE:-'a b'}", "a b"),
        ("5.8", "${NONE:?a}", "a"),
        ("5.8", "${NONE:?}", None),
        ("4.3", "${X:?}", None),
        ("5.8", "${X-y}", None),
        ("5.8", "${X%none}", "probe"),
        ("5.8", "${X%e}", "prob"),
        ("5.8", "${X%%*}", ""),
        ("5.8", "${X##*}", "e"),
        ("5.8", "${X/o/a}", "prabe"),
        ("5.8", "${X//[pe]/x}", "xrobx"),
        ("4.3", "${X%e}", None),
        ("5.8", "$1x$-", "x$-"),
        ("5.8", "\\$X", "$X"),
        ("5.8", "'$X", None),
        ("3.0", "'$X", "$X"),
        ("3.0", "${NONE:-a", "a"),
    ],
)
def test_variables(version: str, word: str, value: str | None) -> None:
    """A word is expanded as imagebuilder's `ProcessWord` does, or refused."""
    assert expand(word, {"X": "probe"}, Dialect.of("podman", version, "buildah")) == value


@pytest.mark.parametrize(
    "platform", ["$BUILDPLATFORM", "${BUILDPLATFORM}", "linux/$BUILDARCH", "$TARGETPLATFORM"]
)
@pytest.mark.parametrize("version", ["4.3", "5.4", "5.8", "6.1"])
def test_platform_of_from(platform: str, version: str) -> None:
    """FROM --platform has the predefined arguments without an ARG, and so its value is not empty."""
    image = Image("image", f'FROM --platform={platform} probe\nCMD ["/a"]\n')
    prediction = predict(Case((image,)), Dialect.of("podman", version, "buildah"))
    assert prediction.config is not None
    assert prediction.config.cmd == ("/a",)


@pytest.mark.parametrize("version", ["3.0", "4.3.1", "5.4.2", "6.1.1"])
def test_a_bare_arg_builds_nothing(version: str) -> None:
    """Before 5.5, Podman's service ends (observed in 4.3.1), so this is not compared with an engine."""
    image = Image("image", "FROM probe\nARG\nCMD a\n")
    outcome = predict(Case((image,)), Dialect.of("podman", version, "buildah")).outcome
    assert isinstance(outcome, Refusal)
    assert outcome.kind == "missing-argument"


def test_a_stage_waits_for_one_that_is_not_built() -> None:
    """Meanwhile a later stage is built. If it is refused, either refusal can be reported.

    Observed on Podman 4.3.1, 5.4.2 and 6.1.1. It is no example of the spec, because the service may crash.
    """
    base = Image("base", "FROM probe\nONBUILD NOPE\n")
    for last, kind in (("base", "unknown-instruction"), ("probe", "no-such-image")):
        image = Image("image", f"FROM probe AS one\nFROM one AS two\nFROM {last} AS two\n")
        predicted = predict(Case((base, image)), Dialect.of("podman", "5.4.2", "buildah"))
        assert isinstance(predicted.outcome, Refusal)
        assert (predicted.outcome.kind, predicted.is_settled) == (kind, last == "probe")
