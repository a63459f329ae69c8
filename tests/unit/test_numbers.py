"""Numbers of any length, and digits beyond ASCII, are read as Go reads them."""

import pytest

from cmdpoint.oracle import Case, Dialect, Image, Process, Refusal, Request, predict
from cmdpoint.oracle.dockerfile.durations import duration
from cmdpoint.oracle.dockerfile.go_strings import index, integer

LONG = "9" * 5000
"""More digits than Python reads as a number."""

DIALECTS = [
    Dialect.from_name(name) for name in ("docker-28.5.2/classic", "docker-28.5.2/buildkit", "podman-6.1.1")
]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("-12", -12),
        ("+7", 7),
        ("0" * 5000 + "8", 8),
        (str(2**63), 2**63),
        (str(-(2**64)), -(2**64)),
    ],
)
def test_a_number(text: str, number: int) -> None:
    """Zeros in front do not count, whatever their number."""
    assert integer(text) == number


def test_a_long_number_fits_no_integer_of_go() -> None:
    """Its sign remains."""
    assert integer(LONG) > 2**64
    assert integer(f"-{LONG}") < -(2**64)


@pytest.mark.parametrize("text", ["", "-1", "+1", "٣", "²", "1_0", "x"])
def test_what_is_no_index(text: str) -> None:
    """Go's `Atoi` reads no other digits than those of ASCII."""
    assert index(text) is None


def test_a_long_duration() -> None:
    """Too many hours are no duration, and the digits of a fraction beyond a nanosecond do not count."""
    assert duration(f"{LONG}s") is None
    assert duration(f"1.{LONG}s") == 1_999_999_999
    assert duration(f"{'0' * 5000}1s") == 10**9


@pytest.mark.parametrize("dialect", DIALECTS, ids=str)
@pytest.mark.parametrize(
    "instruction",
    ["STOPSIGNAL {}", "EXPOSE {}", "HEALTHCHECK --retries={} CMD a", "HEALTHCHECK --timeout={}s CMD a"],
)
def test_a_number_that_is_too_large_is_refused(instruction: str, dialect: Dialect) -> None:
    """Podman reads EXPOSE when it creates a container."""
    text = f"FROM probe\n{instruction.format(LONG)}\nCMD a\n"
    assert isinstance(predict(Case((Image("image", text),)), dialect).outcome, Refusal)


@pytest.mark.parametrize("dialect", DIALECTS, ids=str)
def test_a_user_with_a_long_number(dialect: Dialect) -> None:
    """It is the name of a user that does not exist; with zeros in front, it is a number like any other."""
    images = (Image("image", 'FROM probe\nCMD ["/a"]\n'),)
    refused = predict(Case(images, Request(user=LONG)), dialect).outcome
    assert isinstance(refused, Refusal)
    assert refused.kind == "bad-user"
    assert isinstance(predict(Case(images, Request(user="0" * 5000 + "7")), dialect).outcome, Process)


@pytest.mark.parametrize("builder", ["classic", "buildkit"])
def test_a_stage_with_a_long_number(builder: str) -> None:
    """It is a name, and no image has it; with zeros in front, it is the number of a stage."""
    dialect = Dialect.of("docker", "28.5.2", builder)

    def outcome(number: str) -> Process | Refusal:
        text = f'FROM probe AS one\nFROM probe\nCOPY --from={number} /bin/a /x\nCMD ["/a"]\n'
        return predict(Case((Image("image", text),)), dialect).outcome

    long, zeros = outcome(LONG), outcome("0" * 5000)
    assert isinstance(long, Refusal)
    assert long.kind != "bad-source"  # what is said of the number of a stage that does not exist
    assert isinstance(zeros, Process)
