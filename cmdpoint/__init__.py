"""The command line of cmdpoint: what you can find out about a Dockerfile without a daemon."""
