"""The table at the end of a live run."""

from cmdpoint.observations.tally import Tally
from cmdpoint.oracle import Case, Dialect, Image, predict
from cmdpoint.report import run_table
from cmdpoint.spec.rules import all_rules

TARGET = "docker-28.5.2/buildkit"


def table(*, whole: bool) -> list[str]:
    """The lines of the table of a run that compared one image."""
    tally, dialect = Tally(), Dialect.from_name(TARGET)
    prediction = predict(Case((Image("image", 'FROM probe\nCMD ["/a"]\n'),)), dialect)
    assert prediction.config is not None
    tally.add(TARGET, dialect, "config", prediction, prediction.config)
    return list(run_table.render(tally, all_rules().values(), whole=whole))


def test_a_whole_run_lists_every_rule() -> None:
    """A rule that no case tested is marked."""
    lines = table(whole=True)
    ids = [line.split()[0] for line in lines if line.strip()]
    assert set(all_rules()) <= set(ids)
    assert next(line for line in lines if "STATE-2 " in line).endswith("NEVER")
    assert next(line for line in lines if "LEX-6 " in line).endswith("-"), "it is about Podman alone"


def test_a_selection_lists_only_the_rules_that_it_reached() -> None:
    """The others were not selected, so nothing is missing."""
    lines = table(whole=False)
    ids = {line.split()[0] for line in lines if line.strip()} & set(all_rules())
    assert ids == {"FORM-1"}
    assert not any("NEVER" in line for line in lines)
