"""Hypothesis's profiles: how much a run explores."""

import hypothesis


def load_profiles() -> None:
    """Register the Hypothesis profiles and load `quick`.

    Explicitly, because Hypothesis loads a profile of its own, which repeats the same examples for ever, where
    it sees a variable of tox's or of a CI service's.
    """
    common = hypothesis.settings(
        hypothesis.settings.get_profile("default"),
        deadline=None,
        derandomize=False,
        report_multiple_bugs=False,
        suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large],
        phases=[phase for phase in hypothesis.Phase if phase != hypothesis.Phase.explain],
    )
    for name, examples in (("brief", 15), ("quick", 100), ("thorough", 600), ("nightly", 6000)):
        hypothesis.settings.register_profile(name, common, max_examples=examples)
    hypothesis.settings.load_profile("quick")
