"""Private engines: starting one from an unpacked root, and ending it."""
