"""From commands to an image config.

Read `docker` first, then `stage` (what a stage begins with), `state` (what each instruction leaves),
`triggers` and `variables`. `buildah` is Podman's builder, made of the same modules.
"""
