"""Predict a case for many configs that its unknown bases could have, each build once."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from cmdpoint.bases.essential import essential
from cmdpoint.bases.given import Bases, NamedConfigs
from cmdpoint.bases.unknown import Configs
from cmdpoint.oracle.case import Case, Chain, ImageConfig, Request
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.outcome import Prediction
from cmdpoint.oracle.predict import Images, has_context, images_of, predict, predict_run


class _Builds:
    """The builds of the images of a case, by dialect and by the configs of its unknown bases."""

    def __init__(self, chain: Chain, given: Mapping[str, ImageConfig]) -> None:
        self._chain = chain
        self._given = NamedConfigs(given)
        self._built: dict[tuple[Dialect, frozenset[tuple[str, ImageConfig]]], Images] = {}

    def get(self, dialect: Dialect, configs: Configs) -> Images:
        key = dialect, frozenset(configs.items())
        if key not in self._built:
            bases = Bases(self._given, lambda name: configs.get(name, ImageConfig()))
            self._built[key] = Images({}, images_of(self._chain, dialect, bases).last, ())
        return self._built[key]


class Experiments:
    """The predictions of a case, whatever the configs of its unknown bases are.

    They have no steps, and their lines are not those of the Dockerfile.

    Attributes:
        names: The names of the unknown bases.
    """

    def __init__(self, case: Case, dialects: tuple[Dialect, ...], given: Configs) -> None:
        """Find the bases. Cases that differ in nothing that matters share their builds.

        Args:
            case: The case.
            dialects: The dialects that will be used.
            given: The configs that are given.
        """
        self._case = essential(case)
        self._predictions: dict[tuple[object, ...], Prediction] = {}
        looked_up = Bases(given)
        for dialect in dialects:
            predict(self._case, dialect, looked_up)
        self.names = tuple(looked_up.unknown)
        known = {name: looked_up.given[name] for name in looked_up.used}
        if has_context(case):
            self._builds = _Builds(case.images, known)
        else:
            # These decide a build too, but do not count when configs are compared.
            others = tuple((each.setting, each.strings_for_lists, each.unreadable) for each in known.values())
            self._builds = _shared(self._case.images, tuple(known.items()), others)

    def predict(self, dialect: Dialect, configs: Configs, request: Request | None = None) -> Prediction:
        """Predict the case.

        Args:
            dialect: The dialect.
            configs: The configs of unknown bases; one that is missing is empty.
            request: What runs the image; None for the request of the case.
        """
        key = dialect, frozenset(configs.items()), request
        if key not in self._predictions:
            case = self._case if request is None else replace(self._case, request=request)
            prediction = predict_run(self._builds.get(dialect, configs), case, dialect, has_bases=True)
            self._predictions[key] = replace(prediction, steps=())
        return self._predictions[key]


@lru_cache(maxsize=256)
def _shared(chain: Chain, known: tuple[tuple[str, ImageConfig], ...], _others: tuple[object, ...]) -> _Builds:
    return _Builds(chain, dict(known))
