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
from cmdpoint.oracle import Absent, Case, Dialect, Outcome, Process, Request, predict
from cmdpoint.oracle.images.probe import NAME
from tests.bench.ceiling import base_image
from tests.bench.drawn import Example
from tests.bench.workers import Progress

SWITCH: Final = {"classic": "0", "buildkit": "1"}
"""The value of DOCKER_BUILDKIT for each builder."""

NOT_RUN: Final = (125, 126, 127)
"""The exit codes of `docker run` if no program runs."""

Ended = subprocess.CompletedProcess[bytes]


class NoMeasureError(Exception):
    """The script does not do what is measured; the message says why."""


class Script:
    """Runs cases with the `docker` command alone."""

    def __init__(self, engine: Engine, docker: Sequence[str], dialect: Dialect) -> None:
        """Prepare to run cases.

        Args:
            engine: The engine, for what is not measured: the base image, and the removal of images.
            docker: The `docker` command with its options.
            dialect: The dialect of the engine, with the builder to use.
        """
        self._engine = engine
        self._docker = docker
        self._dialect = dialect
        self._environment = os.environ | {"DOCKER_BUILDKIT": SWITCH[dialect.builder]}
        self._spent = 0.0

    def rate(self, examples: Sequence[Example], progress: Progress) -> float:
        """Run every case, beginning with its builds; the engine may use its build cache.

        Returns:
            Cases a second, counting only the time that `docker` took.

        Raises:
            NoMeasureError: An image was not built, or a case did not end as the oracle predicts.
        """
        self._spent, finished = 0.0, 0
        with base_image(self._engine) as base, tempfile.TemporaryDirectory() as folder:
            for number, example in enumerate(examples):
                tags = {image.name: f"{base}-{number}-{image.name}" for image in example.built}
                for case in example.cases:
                    self._build(example, {NAME: base, **tags}, Path(folder))
                    self._run(case, tags[case.images[-1].name])
                    progress(finished := finished + 1)
                for tag in tags.values():  # thousands of images would slow the engine down
                    self._engine.delete(f"/images/{tag}", force="1")
        return finished / self._spent

    def _build(self, example: Example, tags: dict[str, str], folder: Path) -> None:
        for image in example.built:
            text = with_tags(image.dockerfile, tags)
            (folder / "Dockerfile").write_bytes(text.encode("utf-8", "surrogateescape"))
            options = ["--quiet", "--tag", tags[image.name]]
            options += [f"--build-arg={name}={tags.get(value, value)}" for name, value in image.build_args]
            if image.target is not None:
                options += ["--target", tags.get(image.target, image.target)]
            ended = self._call("build", *options, str(folder))
            if ended.returncode:
                raise NoMeasureError(_words("docker build", ended, image.dockerfile))

    def _run(self, case: Case, tag: str) -> None:
        options, arguments = as_options(case, self._dialect)
        ended = self._call("run", "--rm", *options, tag, *arguments)
        if not ends_as(predict(case, self._dialect).outcome, ended):
            raise NoMeasureError(_words("docker run", ended, str(case)))

    def _call(self, *arguments: str) -> Ended:
        begin = time.monotonic()
        ended = subprocess.run(
            [*self._docker, *arguments],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        self._spent += time.monotonic() - begin
        return ended


def ends_as(outcome: Outcome, ended: Ended) -> bool:
    """Whether `docker run` ended as predicted: with the argv that the probe prints, or with a refusal.

    Args:
        outcome: The predicted outcome.
        ended: The command that has ended.
    """
    if isinstance(outcome, Process):
        argv = b"".join(os.fsencode(word) + b"\0" for word in outcome.argv)
        return ended.returncode == 0 and ended.stdout == argv
    return ended.returncode in NOT_RUN and not ended.stdout


def _words(command: str, ended: Ended, what: str) -> str:
    message = ended.stderr.decode(errors="replace").strip() or repr(ended.stdout[:200])
    return f"{command} exited with {ended.returncode}: {message}\n{what}"


def as_options(case: Case, dialect: Dialect) -> tuple[list[str], list[str]]:
    """The words of `docker run` before and after the image.

    On the command line an entrypoint is absent or has one word. A request with another entrypoint is replaced
    by a command line with the same argv.
    """
    assert isinstance(case.request, Request), "examples have no command lines"
    entrypoint, cmd = _list(case.request.entrypoint), list(_list(case.request.cmd) or ())
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


def _list(value: tuple[str, ...] | Absent | None) -> tuple[str, ...] | None:
    return None if isinstance(value, Absent) else value
