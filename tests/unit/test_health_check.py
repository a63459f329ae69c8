"""How the first word of HEALTHCHECK ends: engines did the same with bytes that a chapter cannot show."""

import pytest

from cmdpoint.oracle import Case, Dialect, Image, Process, Refusal, predict


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ("CMD\u00a0[1]", "not-all-strings"),
        ("CMD\udca0[1]", "not-all-strings"),
        ("CMD\udca0/a", None),
        ("CMD\u0085a", "bad-syntax"),
        ("NONE\u00a0", None),
        ("CMD \u00e0", None),
        ("\udca0[1]", "bad-syntax"),
    ],
)
@pytest.mark.parametrize("name", ["docker-28.5.2/buildkit", "docker-28.5.2/classic", "podman-6.1.1"])
def test_each_byte_counts(name: str, arguments: str, kind: str | None) -> None:
    """A byte that is U+0085 or U+00A0 as a number is white space, even within a character."""
    image = Image("image", f'FROM probe\nCMD ["/a"]\nHEALTHCHECK {arguments}\n')
    outcome = predict(Case((image,)), Dialect.from_name(name)).outcome
    if kind is None:
        assert outcome == Process(("/a",))
    else:
        assert isinstance(outcome, Refusal)
        assert outcome.kind == kind
