"""Look up base images in the daemon that answers, as `docker image inspect` does."""

from cmdpoint.bases.formats import UnreadableConfig, config_of, dropped_key
from cmdpoint.bases.given import read_config
from cmdpoint.bases.sources import Found
from cmdpoint.engines.driver.engine import Engine, Refused
from cmdpoint.engines.faults import InvalidResponse, NoEngine
from cmdpoint.engines.find import find


class DaemonImages:
    """The images of a daemon. It is not started, and nothing is pulled."""

    def __init__(self, engine: Engine) -> None:
        """Take an engine that answers."""
        self._engine = engine

    @classmethod
    def of_host(cls) -> "DaemonImages":
        """The images of the daemon that the environment names, or that has a usual socket.

        Raises:
            Fault: No daemon answers.
        """
        try:
            return cls(find("host").connect())
        except NoEngine as fault:
            remedy = "start a daemon, name one with DOCKER_HOST, or use --bases registry, table, or --base"
            raise NoEngine(fault.what, fault.why, remedy) from fault

    def find(self, name: str) -> Found | None:
        """The config of an image; None if the daemon does not have it. See `Source`."""
        try:
            image = self._engine.get(f"/images/{name}/json")
        except Refused as refused:
            if refused.status == 404:
                return None
            raise InvalidResponse(
                f"the daemon does not inspect {name}",
                refused.message,
                f"run docker image inspect {name}, and use --base",
            ) from refused
        self._check_history(name)
        origin = f"the daemon {self._engine.name}"
        try:
            return Found(read_config(config_of(image), f"the config of {name}"), origin)
        except UnreadableConfig as error:
            what = f"the daemon returns no config of {name}"
            raise InvalidResponse(what, str(error), "use --base") from error

    def _check_history(self, name: str) -> None:
        """Check that the config is whole: Podman's API has neither Shell nor OnBuild.

        Source: containers/podman, `pkg/api/handlers/compat/images.go`: `imageDataToImageInspect`.
        """
        if self._engine.product != "podman":
            return
        for entry in self._engine.get(f"/images/{name}/history"):
            instruction, key = dropped_key(str(entry.get("CreatedBy")))
            if key:
                raise InvalidResponse(
                    f"Podman does not return {key} of {name}",
                    f"the history of the image has {instruction}, and Podman's API omits {key}",
                    f"run podman save -o base.tar {name}, and use --base {name}=@base.tar",
                )
