"""The command line of cmdpoint: what somebody asks of a Dockerfile without any daemon."""
