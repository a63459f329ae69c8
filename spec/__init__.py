"""The rules, in chapters that people read from top to bottom, and the loader that runs their examples."""
