"""Experiments predict a shortened case, and each build once: the answers are those of the whole case."""

from collections.abc import Mapping

import pytest

from cmdpoint.bases.essential import essential
from cmdpoint.bases.experiments import Experiments
from cmdpoint.bases.given import Bases
from cmdpoint.bases.unknown import witnesses
from cmdpoint.oracle.case import Case, Image, ImageConfig, Request, Setting
from cmdpoint.oracle.comparison import agree
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.outcome import Prediction, Refusal
from cmdpoint.oracle.predict import predict
from tests.corpus import FOLDER

DIALECTS = tuple(map(Dialect.from_name, ("docker-20.10.24", "docker-28.5.2", "podman-5.4.2")))
TEXTS = sorted({path.read_text("utf-8") for path in FOLDER.rglob("*ockerfile*") if path.is_file()})


def whole(case: Case, dialect: Dialect, configs: Mapping[str, ImageConfig]) -> Prediction:
    """The prediction of the case as it is."""
    return predict(case, dialect, Bases({}, lambda name: configs.get(name, ImageConfig())))


@pytest.mark.parametrize("dialect", DIALECTS, ids=str)
def test_they_predict_the_whole_case(dialect: Dialect) -> None:
    """Config and outcome are the same, with and without an argument; only lines may differ."""
    shortened = 0
    for text in TEXTS:
        case = Case((Image("x", text),))
        shortened += essential(case) != case
        experiments = Experiments(case, (dialect,), {})
        for configs in list(witnesses(experiments.names))[::6]:
            for request in (None, Request(cmd=("a",))):
                run = case if request is None else Case(case.images, request)
                expected, found = whole(run, dialect, configs), experiments.predict(dialect, configs, request)
                assert found.config == expected.config, text
                if isinstance(found.outcome, Refusal) and isinstance(expected.outcome, Refusal):
                    assert found.outcome.kind == expected.outcome.kind, text
                else:
                    assert agree(found.outcome, expected.outcome), text
    assert shortened > 40


def test_bases_that_differ_in_what_is_not_compared() -> None:
    """Bases with the same lists, but saved otherwise or with another working folder, share no build."""
    text = "FROM base\nFROM other\nENTRYPOINT []\n"
    case, dialect = Case((Image("x", text),)), DIALECTS[1]
    configs = [ImageConfig(cmd=("./a",), strings_for_lists=keys) for keys in ((), ("Cmd",))]
    settings = [ImageConfig(cmd=("./a",), setting=Setting(working_dir=folder)) for folder in ("/a", "/b")]
    for one, other in (configs, settings):
        both = [
            Experiments(case, (dialect,), {"other": each}).predict(dialect, {}).config
            for each in (one, other)
        ]
        expected = [predict(case, dialect, Bases({"other": each})).config for each in (one, other)]
        assert both == expected
        for found, wanted in zip(both, expected, strict=True):
            assert (found and found.setting) == (wanted and wanted.setting)


def test_the_beginning_stays() -> None:
    """A blank line at the top ends the directives, so that a line below it is a comment."""
    text = "\n# syntax=docker/dockerfile:1\n\nFROM a\n\nRUN b\n\nRUN c\nCMD d\n"
    [image] = essential(Case((Image("x", text),))).images
    assert isinstance(image, Image)
    assert image.dockerfile == "\n# syntax=docker/dockerfile:1\n\nFROM a\nRUN b\nCMD d"


def test_a_context_needs_every_line() -> None:
    """With a build context, a RUN decides which files are known."""
    case = Case((Image("x", "FROM a\nRUN b\nRUN c\nCMD d\n", context=()),))
    assert essential(case) == case
