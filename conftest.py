"""What pytest reads first: Hypothesis's profiles, and the plugins that the rest is in."""

from tests.profiles import load_profiles

load_profiles()

pytest_plugins = ["tests.plugin", "tests.notebook"]
