"""The JSON forms of a case (`case`), and of a config or an outcome (`outcome`)."""
