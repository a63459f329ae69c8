"""A build is sent again where Podman refuses it at random."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from cmdpoint.engines.driver import build
from cmdpoint.engines.driver.build import post_build

MESSAGES = (
    "Successfully built",
    "error committing container for step {Env: ...}: no such file",
    "error creating build container: 1b44: image not known",
    'building at STEP "COPY <<END /data": checking on sources under "/var/tmp": copier: stat: "/END": '
    "no such file or directory",
    'building at STEP "ADD <<END /data": reading "/var/tmp/END": copier: get: globs [/END] matched nothing',
)

REASON = 'building at STEP "COPY nothing /data": checking on sources: copier: stat: "/nothing": no such file'


def tries(product: str, answers: Iterator[str | None], monkeypatch: pytest.MonkeyPatch) -> tuple[int, object]:
    """How often a build is sent, and its message."""
    sent: list[None] = []

    def posted(*_: object) -> str | None:
        sent.append(None)
        return next(answers)

    engine = SimpleNamespace(product=product)
    monkeypatch.setattr(build, "_posted", posted)
    message = post_build(engine, "classic", b"", {})  # type: ignore[arg-type]
    return len(sent), message


@pytest.mark.parametrize("message", MESSAGES)
def test_a_build_is_sent_to_podman_again(message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last response counts. Docker does not refuse at random."""
    assert tries("podman", iter([message, message, REASON]), monkeypatch) == (3, REASON)
    assert tries("podman", iter([message, None]), monkeypatch) == (2, None)
    assert tries("docker", iter([message]), monkeypatch) == (1, message)


def test_a_reason_counts_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing source is a reason unless here-documents share a file."""
    assert tries("podman", iter([REASON]), monkeypatch) == (1, REASON)
