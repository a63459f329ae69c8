"""`check --context`: a program that COPY brings, and that PATH or a shell does not find or cannot execute."""

from pathlib import Path

import pytest

from cmdpoint.__main__ import main


@pytest.fixture(autouse=True)
def _context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, mode in (("plain.sh", 0o644), ("run.sh", 0o755)):
        Path(name).write_text("#!/bin/sh\necho hi\n")
        Path(name).chmod(mode)


def check(text: str, capsys: pytest.CaptureFixture[str]) -> str:
    """The answer of `cmdpoint check` with the build context."""
    Path("Dockerfile").write_text(text)
    main(["check", "--context", ".", "Dockerfile"])
    return " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (
            'COPY plain.sh /usr/local/bin/\nENTRYPOINT ["plain.sh"]',
            "warning: /usr/local/bin/plain.sh is not executable: its mode lets no user execute it, so PATH "
            "skips it [EXEC-8]",
        ),
        (
            'COPY plain.sh /usr/local/bin/\nCMD ["plain.sh"]',
            "warning: if a:1 has no ENTRYPOINT: /usr/local/bin/plain.sh is not executable",
        ),
        (
            'COPY run.sh /app/\nENTRYPOINT ["run.sh"]',
            "warning: run.sh is looked up in PATH, which has no folder /app [EXEC-4] do: write the path, "
            "/app/run.sh",
        ),
        (
            "COPY plain.sh /app/\nENTRYPOINT /app/plain.sh --x",
            "warning: the shell cannot execute /app/plain.sh: its mode lets no user execute it [EXEC-8]",
        ),
        (
            "COPY plain.sh /app/\nENTRYPOINT exec /app/plain.sh",
            "warning: the shell cannot execute /app/plain.sh: its mode lets no user execute it [EXEC-8]",
        ),
    ],
)
def test_found(text: str, finding: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The base is not known, so another program may have the name: a warning."""
    assert finding in check(f"FROM a:1\n{text}\n", capsys)


@pytest.mark.parametrize(
    "text",
    [
        'COPY run.sh /usr/local/bin/\nENTRYPOINT ["run.sh"]',
        'COPY plain.sh run.sh /usr/local/bin/\nRUN chmod +x /usr/local/bin/*\nENTRYPOINT ["plain.sh"]',
        'COPY plain.sh /usr/local/bin/\nCOPY --chmod=755 plain.sh /usr/bin/\nENTRYPOINT ["plain.sh"]',
        'ENV PATH=/app\nCOPY run.sh /app/\nENTRYPOINT ["run.sh"]',
        "COPY run.sh /app/\nENTRYPOINT /app/run.sh",
        "COPY plain.sh /app/\nENTRYPOINT sh /app/plain.sh",
        "COPY plain.sh /app/\nENTRYPOINT test -x /app/plain.sh && /app/plain.sh",
        'COPY plain.sh /app/\nENTRYPOINT ["nginx"]',
    ],
)
def test_not_found(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What runs, or is not known to fail, is no finding."""
    out = check(f"FROM a:1\n{text}\n", capsys)
    assert "EXEC-4" not in out
    assert "EXEC-8" not in out
