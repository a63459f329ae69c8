"""Dockerfiles as people write them for well-known images: each answer is right or unknown, and never wrong.

`tests/corpus/images.toml` has what runs, derived by hand from the documentation of the images.
"""

import tomllib
from pathlib import Path
from typing import Any, Final

import pytest

import cmdpoint
from cmdpoint.bases.table import TABLE
from cmdpoint.oracle.case import Case, Image
from cmdpoint.oracle.clients.docker_run import command_line

CORPUS: Final[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "corpus/images.toml").read_text("utf-8")
)
IMAGES: Final[list[dict[str, Any]]] = CORPUS["image"]
BASES: Final[dict[str, Any]] = CORPUS["bases"]
DIALECTS: Final = ("docker", "docker-20.10.24", "docker-20.10.24/classic", "podman-5.4.2")


def predicted(image: dict[str, Any], bases: dict[str, Any], dialect: str = "docker") -> cmdpoint.Result:
    """What is predicted for an image of the corpus."""
    request = command_line(image.get("entrypoint"), image.get("run", ()))
    case = Case((Image("image", image["text"], image.get("target")),), request)
    # To read all configs takes longer than to predict; a variable may stand for what follows the colon.
    named = {name: config for name, config in bases.items() if name.partition(":")[0] in image["text"]}
    return cmdpoint.predict(case, dialect=dialect, bases=named)


def test_there_are_enough() -> None:
    """At least 100, most of which have an answer; their names are distinct."""
    assert len({image["name"] for image in IMAGES}) == len(IMAGES) >= 100
    assert sum("argv" in image for image in IMAGES) >= 95
    assert {key for image in IMAGES for key in image} <= {
        *("name", "text", "target", "run", "entrypoint", "argv", "unknown")
    }


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_answers_are_right(dialect: str) -> None:
    """With the configs of the bases, the answer is what runs; without that of a base, it is unknown.

    Podman uses /bin/sh, because an image in OCI's format has no Shell: see SHELL-5.
    """
    images = [
        image for image in IMAGES if dialect != "podman-5.4.2" or "/bin/bash" not in image.get("argv", ())
    ]
    wrong = {}
    for image in images:
        result = predicted(image, BASES, dialect)
        if "unknown" in image:
            right = (
                isinstance(result.outcome, cmdpoint.Unknown)
                and [base.name for base in result.needs] == image["unknown"]
            )
        else:
            right = result.outcome == cmdpoint.Process(tuple(image["argv"]))
        if not right:
            wrong[image["name"]] = result
    assert wrong == {}


def test_without_bases_nothing_is_wrong() -> None:
    """Without any config, the answer is unknown, or it is the same."""
    outcomes = [(image, predicted(image, {}).outcome) for image in IMAGES]
    wrong = {
        image["name"]: outcome
        for image, outcome in outcomes
        if not isinstance(outcome, cmdpoint.Unknown) and outcome != cmdpoint.Process(tuple(image["argv"]))
    }
    assert wrong == {}


def test_the_table_agrees() -> None:
    """Where the table of official images has a base, its config is the one of the corpus."""
    wrong = {}
    for name, expected in BASES.items():
        found = TABLE.find(name)
        if found is None:
            assert "/" in name, "an official image is in the table"
            continue
        words = {"Entrypoint": found.config.entrypoint, "Cmd": found.config.cmd, "Shell": found.config.shell}
        if {key: list(each) for key, each in words.items() if each} != expected or found.date <= "2020":
            wrong[name] = (words, found.date)
    assert wrong == {}
