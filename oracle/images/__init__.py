"""Images that no Dockerfile made: the probe, and what commit, import and load make."""
