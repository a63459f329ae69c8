"""Evidence: the spec's examples, properties without a daemon, properties against a live one."""
