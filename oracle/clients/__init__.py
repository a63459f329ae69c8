"""From what a person types or calls to a create request."""
