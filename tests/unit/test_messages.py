"""What messages say to do, and what `explain` says about the image that a command line names."""

import json
from pathlib import Path

import pytest

from cmdpoint.__main__ import main

pytest.importorskip("requests")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a Dockerfile."""
    monkeypatch.chdir(tmp_path)
    Path("Dockerfile").write_text('FROM scratch\nCMD ["/a"] # b\n')


def test_revisions_need_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    """Two words that are no files may be revisions; if one is a file, the other one is missing."""
    assert main(["diff", "HEAD~1", "HEAD"]) == 40
    assert "name the file, too: cmdpoint diff HEAD~1 HEAD Dockerfile" in capsys.readouterr().err
    assert main(["diff", "Dockerfile", "HEAD"]) == 40
    assert "there is no file HEAD\n" in capsys.readouterr().err


def test_path_and_file(capsys: pytest.CaptureFixture[str]) -> None:
    """Both name the Dockerfile, even if they name different ones."""
    with pytest.raises(SystemExit) as ended:
        main(["explain", "-f", "Dockerfile", "other"])
    assert ended.value.code == 2
    assert "both PATH and -f name the Dockerfile" in capsys.readouterr().err


def test_no_daemon_for_bases(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The remedy is one that `--bases` has."""
    from cmdpoint.engines import find  # noqa: PLC0415 - needs a library

    monkeypatch.setattr(find, "configured_daemon", lambda: None)
    monkeypatch.setattr(find, "default_sockets", lambda: ())
    assert main(["explain", "--bases", "daemon"]) == 21
    err = capsys.readouterr().err
    assert "use --bases registry, table, or --base" in err
    assert "private" not in err


def test_a_registry_that_does_not_answer() -> None:
    """The reason is the innermost one, without the objects of the libraries."""
    import requests  # noqa: PLC0415 - needs a library
    from urllib3.exceptions import MaxRetryError, NewConnectionError  # noqa: PLC0415 - needs a library

    from cmdpoint.bases.registry import reason  # noqa: PLC0415 - needs a library

    inner = NewConnectionError(None, "Failed to establish a new connection: [Errno 111] Connection refused")  # type: ignore[arg-type]
    error = requests.ConnectionError(MaxRetryError(None, "/v2/", inner))  # type: ignore[arg-type]
    assert reason(error).endswith("Failed to establish a new connection: [Errno 111] Connection refused")
    assert "Max retries" not in reason(error)
    assert reason(requests.ConnectionError("<urllib3.connection.HTTPSConnection object at 0x7f>: no")) == "no"
    assert reason(requests.ConnectionError("HTTPSConnection(host='a', port=443): no")) == "no"
    assert reason(PermissionError(13, "Permission denied")) == "Permission denied"


def test_findings_have_a_severity(capsys: pytest.CaptureFixture[str]) -> None:
    """It is that of `check`."""
    main(["explain", "--format", "json"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    main(["check", "--format", "json"])
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert findings
    assert [each["severity"] for each in findings] == [each["severity"] for each in problems]


@pytest.mark.parametrize(("word", "said"), [("nginx:1.27", True), ("IMAGE", False)])
def test_the_image_of_a_command_line(word: str, said: bool, capsys: pytest.CaptureFixture[str]) -> None:
    """A real name may be that of an image that exists, which is not looked up."""
    main(["explain", "--", "docker", "run", word, "sh"])
    sentence = f"Assumed: {word} is the image that Dockerfile builds, not one that exists."
    assert (sentence in capsys.readouterr().out) == said
