"""The rules that `cmdpoint upgrade` names for the behaviours that changed."""

import pytest

from cmdpoint.__main__ import main


@pytest.mark.parametrize(
    ("meaning", "rule", "example"),
    [
        ("If an ARG and an ENV have the same name", "STATE-26  The words of other", "ARG FOLDER=/work"),
        ("How the path of WORKDIR is", "EXEC-26  The runtime enters", "WORKDIR /plain/.."),
        ("Two stages with the same name", "STATE-13", "FROM probe AS one"),
    ],
)
def test_the_rule_is_about_the_behaviour(
    meaning: str, rule: str, example: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An example of another rule may show a change; the rule that is named is that of the behaviour."""
    assert main(["upgrade", "--from", "28", "--to", "20.10"]) == 3
    parts = capsys.readouterr().out.split("────────\n")
    (part,) = [each for each in parts if meaning in each]
    assert f"\n  {rule}" in part
    assert example in part
