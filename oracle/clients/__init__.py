"""Read a `docker run` command line or a docker-py call: the create request that it sends."""
