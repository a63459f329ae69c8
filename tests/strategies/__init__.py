"""A grammar of Dockerfiles, command lines and requests, from which Hypothesis generates cases."""
