"""From Dockerfile text to stages of instructions."""
