"""From an image config and a create request to process 1."""
