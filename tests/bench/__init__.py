"""How fast the suite compares cases, beside a plain script and the engine with nothing around it."""
