"""Live tests of cmdpoint itself; none of them gives a verdict on the engine."""
