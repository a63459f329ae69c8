"""The properties of a target that a script needs, from the target's name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScriptTarget:
    """The client, builder and runtime of a target.

    Attributes:
        client: The command-line client: `docker` or `podman`.
        builder: `classic`, `buildkit` or `buildah`.
        runtime: The value of `--runtime`; empty for the engine's default.
        uses_api: Whether every `Request` is sent with curl. Podman's client has an API of its own, so that
            only curl sends a request to the API that Docker has too.
    """

    client: str
    builder: str
    runtime: str
    uses_api: bool

    @classmethod
    def of(cls, name: str, *, shows_statuses: bool = False) -> "ScriptTarget":
        """The target of a name such as `docker-28.5.2+containerd/buildkit/crun`.

        Args:
            name: The name.
            shows_statuses: Whether the script shows the statuses of the API.
        """
        engine, builder, *runtimes = name.split("/")
        client, runtime = engine.partition("-")[0], "".join(runtimes[:1]).partition("-")[0]
        return cls(client, builder, runtime, shows_statuses or client == "podman")

    @property
    def is_podman(self) -> bool:
        """Whether the engine is Podman."""
        return self.client == "podman"
