"""The global options of clients, and the commands that cmdpoint does not cover."""

from collections.abc import Mapping
from typing import Final

GLOBAL_VALUED: Final[Mapping[str, frozenset[str]]] = {
    "docker": frozenset(
        {
            *("-H", "--host", "-c", "--context", "--config", "-l", "--log-level"),
            *("--tlscacert", "--tlscert", "--tlskey"),
        }
    ),
    "podman": frozenset(
        {
            *("-c", "--connection", "--url", "--identity", "--log-level", "--root", "--runroot"),
            *("--storage-driver", "--storage-opt", "--runtime", "--runtime-flag", "--cgroup-manager"),
            *("--conmon", "--config", "--events-backend", "--hooks-dir", "--module", "--namespace"),
            *("--network-cmd-path", "--network-config-dir", "--out", "--ssh", "--tmpdir", "--volumepath"),
        }
    ),
}
"""The options in front of a client's command that take the next word as their value."""

REMOTE: Final = frozenset({"-r", "--remote", "-c", "--connection", "--url"})
"""The options with which Podman's client sends a request, and does not create the container itself."""

SUDO_VALUED: Final = frozenset(
    {"-u", "--user", "-g", "--group", "-h", "--host", "-p", "--prompt", "-C", "-D"}
)
"""The options of sudo that take the next word as their value."""

EXEC_VALUED: Final = frozenset(
    {"-e", "--env", "--env-file", "-u", "--user", "-w", "--workdir", "--detach-keys"}
)
"""The options of `docker exec` and `podman exec` that take the next word as their value."""

NOT_COVERED: Final = frozenset(
    {
        *("buildah", "crictl", "ctr", "docker-compose", "finch", "helm", "kubectl", "nerdctl", "oc"),
        *("podman-compose",),
    }
)
"""Programs that run containers by rules of their own."""

RUN: Final = frozenset({"run", "create"})
"""The commands that create a container of an image."""
