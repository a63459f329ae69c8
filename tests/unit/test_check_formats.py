"""`cmdpoint check --format sarif` and `--format github`.

SARIF's own schema is not part of this repository. `SARIF` is a reduced one, written from the text of the
standard: of each object that cmdpoint writes, it has the properties, their types, and which are required.
"""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cmdpoint.__main__ import main


def closed(required: list[str], **properties: object) -> dict[str, object]:
    """The schema of an object that has these properties and no others."""
    return {
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": False,
    }


def listed(items: object, least: int = 0) -> dict[str, object]:
    """The schema of a list."""
    return {"type": "array", "items": items, "minItems": least}


TEXT = {"type": "string"}
POSITION = {"type": "integer", "minimum": 1}
MESSAGE = closed(["text"], text=TEXT)
ARTIFACT = closed(["uri"], uri={"type": "string", "format": "uri-reference", "pattern": "^[^ ]+$"})
REGION = closed(["startLine"], startLine=POSITION, startColumn=POSITION, endLine=POSITION, endColumn=POSITION)
LEVEL = {"enum": ["none", "note", "warning", "error"]}

# SARIF 2.1.0: 3.13 sarifLog, 3.14 run, 3.18 tool, 3.19 toolComponent, 3.49 reportingDescriptor,
# 3.20 invocation, 3.58 notification, 3.27 result, 3.28 location, 3.29 physicalLocation, 3.30 region,
# 3.55 fix, 3.56 artifactChange, 3.57 replacement, 3.35 suppression.
RULE = closed(["id"], id=TEXT, shortDescription=MESSAGE)
REPLACEMENT = closed(["deletedRegion"], deletedRegion=REGION, insertedContent=closed(["text"], text=TEXT))
CHANGE = closed(
    ["artifactLocation", "replacements"], artifactLocation=ARTIFACT, replacements=listed(REPLACEMENT, 1)
)
LOCATION = closed(
    ["physicalLocation"],
    physicalLocation=closed(["artifactLocation"], artifactLocation=ARTIFACT, region=REGION),
)
RESULT = closed(
    ["message"],
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": 0},
    level=LEVEL,
    message=MESSAGE,
    locations=listed(LOCATION),
    fixes=listed(closed(["artifactChanges"], description=MESSAGE, artifactChanges=listed(CHANGE, 1))),
    suppressions=listed(closed(["kind"], kind={"enum": ["inSource", "external"]}, justification=TEXT)),
)
NOTIFICATION = closed(["message"], level=LEVEL, message=MESSAGE)
INVOCATION = closed(
    ["executionSuccessful"],
    executionSuccessful={"type": "boolean"},
    toolExecutionNotifications=listed(NOTIFICATION),
)
RUN = closed(
    ["tool"],
    tool=closed(["driver"], driver=closed(["name"], name=TEXT, version=TEXT, rules=listed(RULE))),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    invocations=listed(INVOCATION),
    results=listed(RESULT),
)
SARIF = closed(
    ["version", "runs"],
    **{"$schema": {"type": "string", "format": "uri"}},
    version={"const": "2.1.0"},
    runs=listed(RUN),
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a problem that has a fix, one that has none, and one that is ignored."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my app").mkdir()
    (tmp_path / "my app" / "Dockerfile").write_text(
        "FROM scratch AS tool\n# cmdpoint: ignore[EXEC-1] a test\nCMD ['-x']\n"
        "FROM debian\nEXPOSE 80 # web\nCMD [\\\n  'é', \\\n  '100%'\\\n]\n"
    )
    return tmp_path


def sarif(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """The only run of the output, which matches the schema."""
    main(["check", "--format", "sarif", *words])
    log = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(SARIF).validate(log)
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def test_sarif(capsys: pytest.CaptureFixture[str]) -> None:
    """Each result has its rule, level and position; a file's name is a URI."""
    run = sarif(capsys)
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    found = []
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        physical = result["locations"][0]["physicalLocation"]
        assert physical["artifactLocation"] == {"uri": "my%20app/Dockerfile"}
        found.append((result["ruleId"], result["level"], physical["region"]["startLine"]))
    assert ("LEX-11", "error", 5) in found
    assert ("FORM-4", "error", 7) in found
    assert run["invocations"][0]["executionSuccessful"] is True


def test_a_sarif_fix_replaces_the_instruction(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Applied, the fix leads to a Dockerfile without the problem."""
    (result,) = [
        each
        for each in sarif(capsys)["results"]
        if each["locations"]
        and each["ruleId"] == "FORM-4"
        and each["locations"][0]["physicalLocation"]["region"]["startLine"] == 7
    ]
    (change,) = result["fixes"][0]["artifactChanges"]
    (replacement,) = change["replacements"]
    region = replacement["deletedRegion"]
    file = folder / "my app" / "Dockerfile"
    lines = file.read_text().split("\n")
    last = lines[region["endLine"] - 1]
    assert region["endColumn"] == len(last) + 1
    lines[region["startLine"] - 1 : region["endLine"]] = [replacement["insertedContent"]["text"]]
    file.write_text("\n".join(lines))
    assert 'CMD ["é", "100%"]' in file.read_text()
    assert not {6, 7, 8} & {
        each["locations"][0]["physicalLocation"]["region"]["startLine"] for each in sarif(capsys)["results"]
    }


def test_sarif_has_what_is_ignored(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An ignored problem is a result with a suppression, so that viewers can show it."""
    (folder / "cmdpoint.toml").write_text('[[ignore]]\nrule = "LEX-11"\nreason = "old files"\n')
    suppressed = {
        each["ruleId"]: each["suppressions"] for each in sarif(capsys)["results"] if "suppressions" in each
    }
    assert suppressed["LEX-11"] == [{"kind": "external", "justification": "old files"}]


def test_sarif_has_the_faults(capsys: pytest.CaptureFixture[str]) -> None:
    """A file that cannot be read is a notification of the run."""
    run = sarif(capsys, "nowhere")
    assert run["invocations"][0]["executionSuccessful"] is False
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert "nowhere" in notification["message"]["text"]


def test_github(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A problem is a workflow command; what has a meaning in one is escaped."""
    (folder / "my app" / "Dockerfile").rename(folder / "a,b.dockerfile")
    assert main(["check", "--format", "github"]) == 3
    out = capsys.readouterr().out.splitlines()
    assert all(
        line.startswith(("::error file=a%2Cb.dockerfile,line=", "::warning ", "::notice ")) for line in out
    )
    (found,) = [line for line in out if ",line=7," in line]
    assert found.startswith("::error file=a%2Cb.dockerfile,line=7,col=")
    assert found.endswith('%0Afix: CMD ["é", "100%25"]')
