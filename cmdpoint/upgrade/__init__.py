"""`cmdpoint upgrade`: what another engine, version or builder makes of Dockerfiles, and why."""
