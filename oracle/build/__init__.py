"""From commands to an image config, as Docker's builders and Buildah do it."""
