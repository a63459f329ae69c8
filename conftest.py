"""What pytest reads first: Hypothesis's profiles, and the plugins that the rest is in."""

from cmdpoint.conformance.profiles import load_profiles

load_profiles()

pytest_plugins = [
    "cmdpoint.conformance.plugin",
    "cmdpoint.conformance.recorder",
    "cmdpoint.conformance.fixtures",
]
