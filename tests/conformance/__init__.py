"""What is asked of a live engine: properties, and the examples of the spec."""
