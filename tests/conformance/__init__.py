"""The conformance tests: properties of a live engine, and the examples of the spec."""
