"""Buildah, Podman's builder: how openshift/imagebuilder makes stages of commands, and an image of stages.

It reads lines as Docker's builders do, save for some behaviours of the dialect. Unlike them it checks an
instruction only when it reaches it, in a stage that is needed. Read `build` first, then `stages` and
`arguments`.
"""
