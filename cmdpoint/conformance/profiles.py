"""Hypothesis's profiles: how much a run explores."""

from pathlib import Path
from typing import Final

import hypothesis
from hypothesis.configuration import set_hypothesis_home_dir

PROFILES: Final = {"brief": 15, "quick": 100, "thorough": 600, "nightly": 6000}
"""The profiles by name, each with the examples of a property whose share is 1."""


def load_profiles() -> None:
    """Register the profiles and load `quick`; Hypothesis keeps failing examples in `.cmdpoint/examples`.

    Hypothesis loads a profile of its own, which repeats the same examples in every run, where it finds a
    variable of tox or of a CI service in the environment; so the profile is loaded explicitly.
    """
    # Not in a `.hypothesis` of its own in the current folder.
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


def at_least(profile: str) -> bool:
    """Whether the loaded profile explores as much as another."""
    return hypothesis.settings().max_examples >= PROFILES[profile]
