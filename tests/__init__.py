"""Tests: on an engine (`conformance`), of cmdpoint with an engine (`suite`), and without one (`unit`)."""
