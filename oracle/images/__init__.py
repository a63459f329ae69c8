"""Images that no Dockerfile made: the built-in base image, and what commit, import and load make.

Read `probe` first; `podman_changes` belongs to `commit`.
"""
