"""A conformance run: engines, comparison, recording, and the pytest plugin."""
