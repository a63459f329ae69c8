"""Fixtures for the tests of cmdpoint itself: the address of the run's engine, and its client on PATH."""

import os
import shlex
from pathlib import Path

import pytest

from cmdpoint.conformance.plugin import RUN
from cmdpoint.engines.find import find


@pytest.fixture(scope="session", autouse=True)
def _clients_on_path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Put the engines' clients on PATH, where a run inside a test, which has only an address, finds them."""
    folder = tmp_path_factory.mktemp("clients")
    for engine in request.config.stash[RUN].engines:
        for at, word in enumerate(engine.client, start=1):
            client = folder / Path(word).name
            if client.name in ("docker", "podman") and not client.exists():
                client.write_text(f'#!/bin/sh\nexec {shlex.join(engine.client[:at])} "$@"\n')
                client.chmod(0o755)
    os.environ["PATH"] = f"{folder}:{os.environ['PATH']}"


@pytest.fixture(scope="session")
def engine_url(request: pytest.FixtureRequest) -> str:
    """The address of the first engine, for tests that need an engine but no builder of it."""
    return find(request.config.stash[RUN].engines[0].connect_to).url
