"""`cmdpoint diff`: whether a change of a Dockerfile breaks those who use its image."""
