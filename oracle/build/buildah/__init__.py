"""How Buildah, Podman's builder, makes stages of lines and an image of stages: openshift/imagebuilder's way.

It reads lines as Docker's builders do, but for some behaviours of the dialect; from there on it is built
otherwise: an instruction is checked when its turn comes, in a stage that is needed.
"""
