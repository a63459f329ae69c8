"""Findings: what is surprising about a Dockerfile and the way it is run, and how to mend it."""
