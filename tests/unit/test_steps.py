"""Each step of a prediction has the image and the line that caused it, and is taken once."""

from cmdpoint.oracle import Case, Dialect, Image, predict
from cmdpoint.oracle.trace import Scope

THREE_STAGES = """\
FROM probe AS one
ENTRYPOINT ["/e"]
FROM one AS two
CMD ["x"]
FROM two
"""


def steps(dockerfile: str, dialect: str) -> list[tuple[str, int | None]]:
    """The rules and lines of the steps that a build takes."""
    case = Case((Image("app", dockerfile),))
    prediction = predict(case, Dialect.from_name(dialect))
    return [(step.rule, step.line) for step in prediction.steps if step.phase == "build"]


def test_the_classic_builder_builds_a_stage_once() -> None:
    """A stage that is the base of several others takes its steps once, as with BuildKit."""
    classic = steps(THREE_STAGES, "docker-28.5.2/classic")
    assert sorted(classic) == sorted(steps(THREE_STAGES, "docker-28.5.2/buildkit"))
    assert [line for rule, line in classic if rule == "STATE-5"] == [4]
    assert [line for rule, line in classic if rule == "STATE-12"] == [3, 5]


def test_an_instruction_that_is_ignored_has_its_own_line() -> None:
    """An old Buildah ignores an unknown instruction when it reaches it."""
    taken = steps("FROM probe\nCMD a\nNOPE\nCMD b\n", "podman-3.0.1/buildah")
    assert [line for rule, line in taken if rule == "LEX-22"] == [3]


def test_a_scope_does_not_change() -> None:
    """Derived scopes share one list of steps, and each has its own line; `apart` starts a new list."""
    whole = Scope.after().in_image("app")
    line = whole.at(3)
    line.note("A-1", "Cmd")
    whole.note("A-2", "Cmd")
    line.apart().note("A-3", "Cmd")
    line.in_phase("create").note("A-4", "Cmd")
    line.note("A-5", "Cmd")
    assert [(step.rule, step.phase, step.image, step.line) for step in whole.steps] == [
        ("A-1", "build", "app", 3),
        ("A-2", "build", "app", None),
        ("A-4", "create", None, None),
        ("A-5", "build", "app", 3),
    ]
