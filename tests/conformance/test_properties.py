"""The oracle and a live engine agree on generated cases, at each of the three levels."""

import pytest

from cmdpoint.conformance.comparator import Comparator, Divergence
from cmdpoint.conformance.portions import Portion
from cmdpoint.conformance.properties import check_cases, check_enumerated, check_generated
from cmdpoint.conformance.strategies.cases import (
    configured,
    rare_chains,
    rare_runs,
)
from cmdpoint.conformance.strategies.command_lines import command_lines
from cmdpoint.conformance.tests import generated
from cmdpoint.oracle import Case, CommandLine, predict
from cmdpoint.oracle.case import Chain
from cmdpoint.oracle.comparison import agree


def test_config(comparator: Comparator, portion: Portion) -> None:
    """A build leaves the predicted image config."""
    check_cases(comparator, generated.CONFIG, portion)


def test_refusal(comparator: Comparator, portion: Portion) -> None:
    """A build is refused exactly as predicted, for the same reason and in the same line."""
    check_cases(comparator, generated.REFUSAL, portion)


def test_rare_chains(comparator: Comparator) -> None:
    """Chains that are rarely generated are built in every run."""
    check_enumerated(comparator, comparator.config, ((chain,) for chain in rare_chains()))


@pytest.mark.one_builder
def test_rare_runs(comparator: Comparator) -> None:
    """Images that are rarely generated are run in every run."""
    check_enumerated(comparator, comparator.observed, rare_runs())


def test_any_text(comparator: Comparator, portion: Portion) -> None:
    """Any text is accepted or refused as predicted, and leaves the predicted config."""
    check_cases(comparator, generated.ANY_TEXT, portion)


@pytest.mark.one_builder
def test_planned(comparator: Comparator, portion: Portion) -> None:
    """The created container has the predicted argv, for every shape of request."""
    check_cases(comparator, generated.PLANNED, portion)


def test_observed(comparator: Comparator, portion: Portion) -> None:
    """The container runs the predicted argv, which is also that of the created container."""
    check_cases(comparator, generated.OBSERVED, portion)


@pytest.mark.one_builder
def test_command_line(comparator: Comparator, portion: Portion) -> None:
    """`docker run` runs what is predicted for its command line, or refuses it as predicted."""
    check_cases(comparator, generated.COMMAND_LINE, portion)


@pytest.mark.one_builder
@pytest.mark.every_runtime
def test_start(comparator: Comparator, portion: Portion) -> None:
    """Whether the program starts, and the exit code if it does not, is as predicted, with each runtime."""
    check_cases(comparator, generated.START, portion)


def test_other_images(comparator: Comparator, portion: Portion) -> None:
    """A committed, imported or loaded image has the predicted config, and so has an image built on it."""
    check_cases(comparator, generated.OTHER_IMAGES, portion)


@pytest.mark.one_builder
def test_docker_py(comparator: Comparator, portion: Portion) -> None:
    """docker-py sends the predicted request."""
    check_cases(comparator, generated.DOCKER_PY, portion)


@pytest.mark.one_builder
def test_raw_request(comparator: Comparator, portion: Portion) -> None:
    """A create request with any JSON is accepted as predicted, or refused with the predicted status."""
    check_cases(comparator, generated.RAW_REQUEST, portion)


@pytest.mark.one_builder
def test_client_and_api_agree(comparator: Comparator, portion: Portion) -> None:
    """A command line has the same result as the request that it sends."""

    def check(images: Chain, line: CommandLine) -> None:
        prediction = predict(Case(images, line), comparator.dialect)
        if prediction.request is None:
            return
        cases = [Case(images, line), Case(images, prediction.request)]
        observed = [comparator.observe(case, "planned") for case in cases]
        if not agree(*observed):
            # The prediction is the same for both, so one of them diverges.
            wrong = 0 if not agree(prediction.planned, observed[0]) else 1
            raise Divergence(cases[wrong], "planned", observed[wrong])

    check_generated(comparator, check, configured(), command_lines(), share=0.1, portion=portion)
