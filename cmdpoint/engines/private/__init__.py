"""Private engines: start one from an unpacked root, and end it."""
