"""`cmdpoint upgrade`: which Dockerfiles run something else on another engine, version or builder, and why."""
