"""A grammar of Dockerfiles and run options, as people write them, for Hypothesis to generate from."""
