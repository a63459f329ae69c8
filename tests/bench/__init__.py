"""How fast the conformance tests compare cases, next to a plain script and the engine alone."""
