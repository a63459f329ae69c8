"""A connection to an engine, and asking it about a case."""
