"""What a script has to know of its target, read from the target's name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScriptTarget:
    """A target, as a script uses it.

    Attributes:
        client: The command-line client: `docker` or `podman`.
        builder: `classic`, `buildkit` or `buildah`.
        runtime: The value of `--runtime`; empty for the engine's default.
    """

    client: str
    builder: str
    runtime: str = ""

    @classmethod
    def of(cls, name: str) -> "ScriptTarget":
        """The target of a name such as `docker-28.5.2+containerd/buildkit/crun`."""
        engine, builder, *runtime = name.split("/")
        return cls(engine.partition("-")[0], builder, runtime[0].partition("-")[0] if runtime else "")

    @property
    def is_podman(self) -> bool:
        """Whether the engine is Podman's."""
        return self.client == "podman"
