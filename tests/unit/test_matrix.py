"""The matrix: verdicts, the rules in which targets differ, and its forms as text, JSON and HTML."""

import json
import re
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest

from cmdpoint.observations.collection import read_observations
from cmdpoint.observations.faults import NoDialect
from cmdpoint.observations.records import Header, Line, Observation, RecordedFault, Target
from cmdpoint.observations.replay import ObservedCase, Result
from cmdpoint.observations.tally import Tally
from cmdpoint.observations.writer import write
from cmdpoint.oracle import Case, CommandLine, Dialect, Image, Process, predict
from cmdpoint.report import matrix_json, matrix_text, page, summary
from cmdpoint.report.compute import matrix
from cmdpoint.report.matrix import Matrix
from cmdpoint.spec.rules import all_rules

pytestmark = pytest.mark.slow

OLD, NEW, NEWEST = "docker-26.1.5/buildkit", "docker-28.5.2/buildkit", "docker-99.0/buildkit"
TRAILING = 'FROM probe\nCMD ["/a"] # x\n'
EXEC_FORM = Process(("/a",))
SHELL_FORM = Process(("/bin/sh", "-c", '["/a"] # x'))
HOSTILE = "</script><img src=x onerror=alert(1)> & \"quoted\" 'too'"


def case(dockerfile: str) -> Case:
    """A case of one image, run without arguments."""
    return Case((Image("image", dockerfile),), CommandLine(("IMAGE",)))


def matrix_of(
    seen: Mapping[str, Result], dockerfile: str = TRAILING, errors: Mapping[str, Sequence[str]] | None = None
) -> Matrix:
    """The matrix of one case."""
    targets = {name: Dialect.from_name(name) for name in (*seen, *(errors or {}))}
    compared = ObservedCase(case(dockerfile), "observed", tuple(seen.items()))
    return matrix([compared] if seen else [], targets, all_rules(), errors or {}, "2026-11-25")


def verdicts(found: Matrix, rule: str) -> dict[str, str]:
    """The verdicts of a rule, by target."""
    (row,) = (row for row in found.rows if row.rule.id == rule)
    return {target: cell.verdict for target, cell in row.cells.items()}


def test_targets_that_differ_as_specified_agree() -> None:
    """Two targets read text after an array differently, both as predicted, and differ in this rule only."""
    found = matrix_of({OLD: EXEC_FORM, NEW: SHELL_FORM})
    assert verdicts(found, "FORM-2") == {OLD: "agrees", NEW: "agrees"}
    differing = {row.rule.id: row.differing for row in found.rows if row.differing}
    assert differing == {"FORM-2": {frozenset((OLD, NEW))}}
    (row,) = (row for row in found.rows if row.rule.id == "FORM-2")
    assert row.groups == {OLD: 0, NEW: 1}
    (example,) = row.examples
    assert [(group.targets, group.result) for group in example.results] == [
        ((OLD,), EXEC_FORM),
        ((NEW,), SHELL_FORM),
    ]


def test_a_target_that_does_something_else_diverges() -> None:
    """It diverges in every rule of the case; no targets differ, and the example shows the prediction."""
    found = matrix_of({OLD: EXEC_FORM, NEW: EXEC_FORM})
    assert verdicts(found, "FORM-2") == {OLD: "agrees", NEW: "diverges"}
    assert verdicts(found, "MERGE-1")[NEW] == "diverges"
    assert not any(row.differing for row in found.rows)
    (row,) = (row for row in found.rows if row.rule.id == "FORM-2")
    (group,) = row.examples[0].results
    assert group.diverging == {NEW: SHELL_FORM}
    assert (found.cases[NEW], found.diverging[OLD], found.diverging[NEW]) == (1, 0, 1)


def test_a_version_beyond_the_described_ones_is_unverified() -> None:
    """That it agrees with the newest described version does not verify it."""
    assert verdicts(matrix_of({NEWEST: SHELL_FORM}), "FORM-2") == {NEWEST: "unverified"}


def test_a_rule_that_no_case_tested() -> None:
    """There was no such case, the engine failed, or the rule does not apply to the target."""
    found = matrix_of({NEW: SHELL_FORM}, errors={OLD: ["it died"]})
    assert verdicts(found, "ONB-1") == {NEW: "not reached", OLD: "harness fault"}
    assert verdicts(found, "FORM-2") == {NEW: "agrees", OLD: "harness fault"}
    # This rule is about Buildah alone.
    assert set(verdicts(found, "SHELL-5").values()) == {"does not apply"}


def test_another_runtime_is_compared_where_it_matters() -> None:
    """With another runtime, other rules do not apply, unless a case tested them all the same."""
    crun = f"{NEW}/crun-1.21"
    found = matrix_of({crun: SHELL_FORM})
    assert {rule: verdicts(found, rule)[crun] for rule in ("FORM-2", "ONB-1", "EXEC-22", "CLI-8")} == {
        "FORM-2": "agrees",
        "ONB-1": "does not apply",
        "EXEC-22": "agrees",
        "CLI-8": "not reached",
    }
    tally = Tally()
    prediction = predict(case(TRAILING), Dialect.from_name(crun))
    tally.add(crun, Dialect.from_name(crun), "observed", prediction, prediction.outcome)
    missing = {rule for _, rule in tally.unreached(all_rules().values())}
    assert {"EXEC-13", "CLI-8"} < missing
    assert all(rule.startswith("EXEC-") for rule in missing - {"CLI-8"})


class Page(HTMLParser):
    """The elements, addresses, event handlers and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record an element."""
        self.elements.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action", "data")]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        """Record text."""
        self.text += data


def test_nothing_observed_becomes_markup() -> None:
    """A hostile Dockerfile, argv or error is in the page as text only."""
    dockerfile = f"FROM probe\nCMD {HOSTILE}\n"
    seen = Process(("/bin/sh", "-c", HOSTILE))
    parsed = Page(page.render(matrix_of({NEW: seen}, dockerfile, {OLD: [HOSTILE]})))
    # The only image is the chart of chapter 10.
    assert parsed.elements.count("img") == 1
    assert (parsed.elements.count("script"), parsed.handlers) == (1, [])
    assert parsed.text.count("<img src=x onerror=alert(1)>") >= 3


def test_the_page_needs_nothing_else() -> None:
    """Every address in the page leads to a place in the page, or is an image itself."""
    text = page.render(matrix_of({OLD: EXEC_FORM, NEW: SHELL_FORM}))
    assert all(address.startswith(("#", "data:image/")) for address in Page(text).addresses)
    assert "url(" not in text
    assert "@import" not in text


def test_every_cell_leads_to_its_rule() -> None:
    """For each rule there are two links and one element with that id."""
    text = page.render(matrix_of({OLD: EXEC_FORM, NEW: SHELL_FORM}))
    for rule in all_rules():
        assert text.count(f'<a href="#about-{rule}" tabindex="-1">') == 2
        assert text.count(f'id="about-{rule}"') == 1


def test_json_matches_its_schema() -> None:
    """This holds for hostile text, and for characters that UTF-8 cannot hold."""
    schema = json.loads(matrix_json.schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    hostile = matrix_of({OLD: EXEC_FORM}, f"FROM probe\nCMD {HOSTILE}\udc80\n", {NEW: [HOSTILE]})
    for found in (hostile, matrix_of({OLD: EXEC_FORM, NEW: EXEC_FORM})):
        data = json.loads(matrix_json.render(found))
        jsonschema.validate(data, schema)
        assert [rule["id"] for rule in data["rules"]] == list(all_rules())
    cells = {rule["id"]: rule["cells"] for rule in data["rules"]}
    assert cells["FORM-2"][NEW] == {"verdict": "diverges", "cases": 1, "diverging": 1}


@pytest.mark.parametrize("width", [40, 60, 80, 120, 300])
def test_the_table_fits_its_width(width: int) -> None:
    """No line is longer; every rule has one cell for each target, in one table or in several."""
    targets = {f"docker-{version}/buildkit": EXEC_FORM for version in ("20.10.24", "23.0", "24.0", "25.0")}
    targets |= {f"docker-28.{minor}/buildkit": SHELL_FORM for minor in range(6)}
    found = matrix_of(targets, errors={NEWEST: ["the engine died " * 20]})
    lines = list(matrix_text.render(found, width))
    assert max(map(len, lines)) <= width
    cells = [line.split("FORM-2")[1] for line in lines if "FORM-2 " in line]
    signs = [sign for text in cells for sign in re.findall(r"(?<=\s)[ab]?[✓!]?\d*(?=\s|$)", text) if sign]
    assert [sign[0] for sign in signs] == [*"aaaabbbbbb!"]
    assert any("b1" in text for text in cells) == (width >= 80)


def test_a_cell_is_painted_with_its_verdict() -> None:
    """The colours change no column."""
    found = matrix_of({OLD: EXEC_FORM, NEW: EXEC_FORM})
    painted = list(matrix_text.render(found, 100, lambda text, verdict: f"<{verdict}>{text}</>"))
    (row,) = (line for line in painted if line.startswith("  FORM-2 "))
    assert "<agrees>✓1</>" in row
    assert "<diverges>✗1</>" in row
    assert [re.sub("<.*?>", "", line) for line in painted] == list(matrix_text.render(found, 100))


def test_a_tick_is_only_where_nothing_differs() -> None:
    """Targets that agree and differ have letters."""
    found = matrix_of({OLD: EXEC_FORM, NEW: SHELL_FORM})
    (differing,) = (line for line in matrix_text.render(found, 100) if line.startswith("  FORM-2 "))
    assert differing.split()[-2:] == ["a1", "b1"]
    (same,) = (line for line in matrix_text.render(found, 100) if line.startswith("  MERGE-1 "))
    assert same.split()[-2:] == ["✓1", "✓1"]
    signs = re.findall(r'data-rule="FORM-2".*?</tr>', page.render(found), re.DOTALL)
    assert "✓" not in signs[0]


def test_a_summary_replaces_the_text_between_the_marks() -> None:
    """No other text changes; a text without the marks is an error."""
    text = f"before\n{summary.BEGIN}\nold\n{summary.END}\nafter\n"
    assert summary.replaced(text, "new\n") == f"before\n{summary.BEGIN}\nnew\n{summary.END}\nafter\n"
    with pytest.raises(ValueError, match="has no line"):
        summary.replaced("before\nafter\n", "new\n")


def observation_file(path: Path, lines: Sequence[Line], **targets: Target) -> Path:
    """Write a file of observations, and return its path."""
    by_name = {f"docker-28.5.2/{name}": target for name, target in targets.items()}
    write(path, Header("2026-11-25", 1, by_name), lines)
    return path


BUILDKIT = Target("docker", "28.5.2", "", "buildkit", "runc-1.3.6")


def test_files_are_combined(tmp_path: Path) -> None:
    """A target in two files is one target, unless its runtime differs; a repeated line counts once."""
    old = Target("docker", "28.5.2", "", "buildkit", "runc-1.1.5")
    one = Observation(case(TRAILING), "observed", (NEW,), SHELL_FORM)
    observation_file(tmp_path / "a.jsonl", [one, one], buildkit=BUILDKIT)
    observation_file(tmp_path / "b.jsonl", [one, RecordedFault("it died", (NEW,))], buildkit=BUILDKIT)
    observation_file(tmp_path / "c.jsonl", [one], buildkit=old)
    collected = read_observations([tmp_path])
    assert list(collected.dialects) == [NEW, f"{NEW}/runc-1.1.5"]
    (compared,) = collected.compared
    assert compared.results == ((NEW, SHELL_FORM), (f"{NEW}/runc-1.1.5", SHELL_FORM))
    assert collected.errors == {NEW: ["it died"]}


def test_a_target_without_a_dialect_is_reported(tmp_path: Path) -> None:
    """The fault names it."""
    target = Target("nerdctl", "1.0", "", "buildkit", "")
    path = observation_file(tmp_path / "a.jsonl", [], buildkit=target)
    with pytest.raises(NoDialect, match="docker-28"):
        _ = read_observations([path]).dialects
