"""Load cmdpoint's pytest plugin for a run of pytest in the checkout."""

pytest_plugins = ["cmdpoint.conformance.plugin"]
