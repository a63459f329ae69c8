"""A plain script: for each case, `docker build` each image, and then `docker run`."""

import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cmdpoint.engines.driver.build import with_tags
from cmdpoint.engines.driver.engine import Engine
from cmdpoint.oracle import Absent, Case, Dialect, Image, Process, Request, predict
from cmdpoint.oracle.images.probe import NAME
from tests.bench.ceiling import base_image
from tests.bench.drawn import Example
from tests.bench.workers import Progress

SWITCH: Final = {"classic": "0", "buildkit": "1"}
"""The value of DOCKER_BUILDKIT for each builder."""


class Script:
    """Runs cases with the `docker` command alone.

    Attributes:
        wrong: How many cases did not end as the oracle predicts.
    """

    def __init__(self, engine: Engine, docker: Sequence[str], dialect: Dialect) -> None:
        """Prepare to run cases.

        Args:
            engine: The engine, for what is not measured: the base image, and the removal of images.
            docker: The `docker` command with its options.
            dialect: The dialect of the engine, with the builder to use.
        """
        self.wrong = 0
        self._engine = engine
        self._docker = docker
        self._dialect = dialect
        self._environment = os.environ | {"DOCKER_BUILDKIT": SWITCH[dialect.builder]}
        self._spent = 0.0

    def rate(self, examples: Sequence[Example], progress: Progress) -> float:
        """Run every case, beginning with its builds; the engine may use its build cache.

        Returns:
            Cases a second, counting only the time that `docker` took.
        """
        self._spent, finished = 0.0, 0
        with base_image(self._engine) as base, tempfile.TemporaryDirectory() as folder:
            for number, example in enumerate(examples):
                tags = {image.name: f"{base}-{number}-{image.name}" for image in example.images}
                for case in example.cases:
                    self._build(case, {NAME: base, **tags}, Path(folder))
                    self._run(case, tags[case.images[-1].name])
                    progress(finished := finished + 1)
                for tag in tags.values():  # thousands of images would slow the engine down
                    self._engine.delete(f"/images/{tag}", force="1")
        return finished / self._spent

    def _build(self, case: Case, tags: dict[str, str], folder: Path) -> None:
        for image in case.images:
            assert isinstance(image, Image), "examples have only built images"
            text = with_tags(image.dockerfile, tags)
            (folder / "Dockerfile").write_bytes(text.encode("utf-8", "surrogateescape"))
            options = ["--quiet", "--tag", tags[image.name]]
            options += [f"--build-arg={name}={tags.get(value, value)}" for name, value in image.build_args]
            if image.target is not None:
                options += ["--target", tags.get(image.target, image.target)]
            self._call("build", *options, str(folder))

    def _run(self, case: Case, tag: str) -> None:
        options, arguments = as_options(case, self._dialect)
        output = self._call("run", "--rm", *options, tag, *arguments)
        outcome = predict(case, self._dialect).outcome
        expected = outcome.argv if isinstance(outcome, Process) else ()
        self.wrong += output != b"".join(os.fsencode(word) + b"\0" for word in expected)

    def _call(self, *arguments: str) -> bytes:
        begin = time.monotonic()
        ended = subprocess.run(
            [*self._docker, *arguments],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        self._spent += time.monotonic() - begin
        return ended.stdout


def as_options(case: Case, dialect: Dialect) -> tuple[list[str], list[str]]:
    """The words of `docker run` before and after the image.

    On the command line an entrypoint is absent or has one word. A request with another entrypoint is replaced
    by a command line with the same argv.
    """
    assert isinstance(case.request, Request), "examples have no command lines"
    entrypoint, cmd = _words(case.request.entrypoint), list(_words(case.request.cmd) or ())
    if entrypoint is None:
        return [], cmd
    if len(entrypoint) == 1:
        return ["--entrypoint", entrypoint[0]], cmd
    planned = predict(case, dialect).planned
    argv = planned.argv if isinstance(planned, Process) else ()
    # An empty `--entrypoint` removes the entrypoint.
    return (
        (["--entrypoint", argv[0]], list(argv[1:])) if any(argv[:1]) else (["--entrypoint", ""], list(argv))
    )


def _words(value: tuple[str, ...] | Absent | None) -> tuple[str, ...] | None:
    return None if isinstance(value, Absent) else value
