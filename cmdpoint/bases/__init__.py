"""What base images declare about themselves."""
