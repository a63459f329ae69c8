"""What an answer about Podman assumes about the format of images.

Podman's Docker-compatible API and `podman build --format docker` make images in Docker's format. The default
of `podman build` is the OCI format, whose config has neither OnBuild nor Shell nor Healthcheck. What is built
on such an image, or on a stage of the same file, gets none of them. A base that has them in its config passes
them on, whatever the format of its child is.

Sources: podman-build(1), `--format`; containers/buildah, `config.go:SetOnBuild`, `SetShell`. Seen on Podman
4.3.1 and 5.4.2.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from cmdpoint.bases.given import Bases
from cmdpoint.bases.symbols import symbols
from cmdpoint.oracle.case import Case
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.outcome import Prediction
from cmdpoint.oracle.predict import predict

_LOSSES: Final = {"OnBuild": ("ONBUILD", "runs no triggers"), "Shell": ("SHELL", "inherits no shell")}
"""What the OCI format does not store, by the key of a config: the instruction, and the effect."""


def lost(prediction: Prediction, dialect: Dialect, unknown: Iterable[str]) -> tuple[str, ...]:
    """The keys that a case stores in configs of images, and that the OCI format would lose.

    Args:
        prediction: The prediction of the case.
        dialect: Its dialect; Docker loses nothing.
        unknown: The names of the bases that are not given, for whose lists symbols stand.

    Returns:
        `OnBuild` if ONBUILD stores a trigger, and `Shell` if the last image has a shell.
    """
    return tuple(_lost(prediction, set(symbols(unknown)))) if dialect.engine == "podman" else ()


def _lost(prediction: Prediction, words: set[str]) -> Iterator[str]:
    if any(step.rule == "ONB-2" for step in prediction.steps):
        yield "OnBuild"
    if prediction.config is not None and prediction.config.shell and not words & {*prediction.config.shell}:
        yield "Shell"


def lost_in(cases: Iterable[Case], dialects: Iterable[Dialect], bases: Bases) -> tuple[str, ...]:
    """The same for several cases, in several dialects.

    Args:
        cases: The cases.
        dialects: The dialects.
        bases: The images that exist.
    """
    podman = [dialect for dialect in dialects if dialect.engine == "podman"]
    pairs = [(predict(case, dialect, bases), dialect) for case in cases for dialect in podman]
    keys = {key for prediction, dialect in pairs for key in lost(prediction, dialect, bases.unknown)}
    return tuple(key for key in _LOSSES if key in keys)


def lost_elsewhere(prediction: Prediction) -> tuple[str, ...]:
    """The keys whose loss on Podman may change what a case runs that is predicted for Docker.

    Args:
        prediction: The prediction. On Podman, no shell form depends on a stored SHELL (SHELL-5).
    """
    return ("OnBuild",) if {"ONB-2", "ONB-3"} <= {step.rule for step in prediction.steps} else ()


def sentence(keys: Sequence[str]) -> str:
    """What is assumed, and what the default format loses.

    Args:
        keys: The keys that are lost, at least one.
    """
    instructions, effects = (" and ".join(each) for each in zip(*map(_LOSSES.__getitem__, keys), strict=True))
    return (
        "Assumed for Podman: podman build --format docker, or the Docker-compatible API. The default format "
        f"of podman build, OCI, does not store {instructions}: what is built on such an image or stage "
        f"{effects}."
    )


def as_data(keys: Sequence[str]) -> dict[str, Any] | None:
    """The same as JSON data.

    Args:
        keys: The keys that are lost; if there are none, the data is None.
    """
    return {"assumed": "docker", "lost": list(keys), "text": sentence(keys)} if keys else None
