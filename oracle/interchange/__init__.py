"""The JSON forms of a case and of what comes of it."""
