"""A conformance run: its engines, the comparator, the recording, and the pytest plugin."""
