"""What needs no daemon."""
