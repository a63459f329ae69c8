"""Hypothesis's profiles: how many examples a run generates."""

from difflib import get_close_matches
from pathlib import Path
from typing import Final

import hypothesis
import pytest
from hypothesis.configuration import set_hypothesis_home_dir

PROFILES: Final = {"brief": 15, "quick": 100, "thorough": 600, "nightly": 6000}
"""The number of examples of a property with the share 1, for each profile."""


def load_profiles() -> None:
    """Register the profiles and load `quick`; Hypothesis saves failing examples in `.cmdpoint/examples`.

    In tox or in a CI service, Hypothesis would load a profile of its own, which repeats the same examples in
    every run. So the profile is loaded explicitly.
    """
    # The default is a folder `.hypothesis` in the current folder.
    set_hypothesis_home_dir(Path.cwd() / ".cmdpoint")
    common = hypothesis.settings(
        hypothesis.settings.get_profile("default"),
        deadline=None,
        derandomize=False,
        report_multiple_bugs=False,
        suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large],
        phases=[phase for phase in hypothesis.Phase if phase != hypothesis.Phase.explain],
    )
    for name, examples in PROFILES.items():
        hypothesis.settings.register_profile(name, common, max_examples=examples)
    hypothesis.settings.load_profile("quick")


def check_profile(name: str | None) -> None:
    """Check the name of a profile, which Hypothesis's plugin loads without a message for people.

    Raises:
        UsageError: No profile has that name.
    """
    try:
        hypothesis.settings.get_profile(name or "quick")
    except hypothesis.errors.InvalidArgument as error:
        near = get_close_matches(name or "", PROFILES, 1, 0.3)
        what = f"--hypothesis-profile {name}: there is no such profile"
        nearest = f"the nearest is {near[0]}; " if near else ""
        raise pytest.UsageError(f"{what}; {nearest}the profiles are {', '.join(PROFILES)}") from error


def at_least(profile: str) -> bool:
    """Whether the loaded profile generates at least as many examples as another."""
    return hypothesis.settings().max_examples >= PROFILES[profile]
