"""The merge table of the code, the table of chapter 7 and the predictions are the same."""

import re
from importlib.resources import files
from itertools import product

import pytest

from cmdpoint.oracle import ABSENT, Case, Dialect, Image, Process, Request, predict
from cmdpoint.oracle.case import Absent, Words
from cmdpoint.oracle.container.create import MERGE_TABLE, row_of

DIALECT = Dialect.from_name("docker-28.5.2/buildkit")
IMAGES = ("", 'ENTRYPOINT ["/e"]\n', 'CMD ["/c"]\n', 'ENTRYPOINT ["/e"]\nCMD ["/c"]\n')
ENTRYPOINTS: dict[str, tuple[Words | Absent | None, ...]] = {
    "absent or null": (ABSENT, None),
    "`[]`": ((),),
    '`[""]`': (("",),),
    '`["p"]`': (("p",),),
    '`["", "q"]`': (("", "q"),),
}
CMDS: dict[str, tuple[Words | Absent | None, ...]] = {
    "absent, null or `[]`": (ABSENT, None, ()),
    '`["x"]`': (("x",),),
}


def table() -> list[list[str]]:
    """The cells of chapter 7's table of request and image, row by row."""
    text = files("cmdpoint.spec").joinpath("7-create.md").read_text("utf-8")
    lines = re.search(r"\| Entrypoint of the request .*\n\| ---.*\n((?:\|.*\n)+)", text)
    assert lines is not None
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1].splitlines()]


ROWS = [[cell.strip(" |") for cell in row] for row in table()]


def test_the_chapter_has_every_row() -> None:
    """The table has one row for each kind of Entrypoint with each kind of Cmd."""
    assert [tuple(row[:2]) for row in ROWS] == [*product(ENTRYPOINTS, CMDS)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1]}")
def test_each_cell_is_what_is_predicted(row: list[str]) -> None:
    """For each image, the argv and the rules in the row are those of the prediction."""
    entrypoint_rule, cmd_rule = row[6:]
    for entrypoint, cmd in product(ENTRYPOINTS[row[0]], CMDS[row[1]]):
        found = row_of(entrypoint, cmd)
        assert (found.entrypoint_rule, found.cmd_rules[-1]) == (entrypoint_rule, cmd_rule)
        for lines, cell in zip(IMAGES, row[2:6], strict=True):
            case = Case((Image("image", f"FROM probe\n{lines}"),), Request(entrypoint, cmd))
            prediction = predict(case, DIALECT)
            planned = prediction.planned
            words = tuple(word.strip('"') for word in cell.strip("`").split(" "))
            if cell == "refused":
                assert not isinstance(planned, Process), (row, case)
                assert (planned.phase, planned.kind) == ("create", "no-command")
            else:
                assert planned == Process(words), (row, case)
            assert {entrypoint_rule, cmd_rule} <= prediction.rules


def test_every_row_of_the_code_is_in_the_chapter() -> None:
    """The chapter's requests reach each row of the code's table."""
    requests = product(
        (value for values in ENTRYPOINTS.values() for value in values),
        (value for values in CMDS.values() for value in values),
    )
    assert {id(row_of(*request)) for request in requests} == {id(row) for row in MERGE_TABLE.values()}
