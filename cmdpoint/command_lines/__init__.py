"""The command lines that people paste: `docker run`, `podman run`, `docker exec` and their neighbours."""
