"""Load cmdpoint's pytest plugin."""

pytest_plugins = ["cmdpoint.conformance.plugin"]
