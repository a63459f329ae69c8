"""Properties and examples that ask a live engine."""
