"""Create an image in an engine: build it, or commit, import, load or tag it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cmdpoint.engines.driver.build import build_image
from cmdpoint.engines.driver.containers import Containers
from cmdpoint.engines.driver.engine import Engine, Refused, raise_if_fault
from cmdpoint.engines.driver.messages import build_refusal
from cmdpoint.engines.driver.responses import lines_of
from cmdpoint.engines.probe import layer, tar
from cmdpoint.oracle.case import Chain, Commit, Image, Import, Load, Tag
from cmdpoint.oracle.outcome import Refusal


class ImageCreator:
    """Creates the images of one owner in one engine.

    Attributes:
        engine: The engine.
        builder: The builder for images with a Dockerfile.
        containers: Creates the containers that are committed.
    """

    def __init__(self, engine: Engine, builder: str, containers: Containers) -> None:
        """Prepare to create images."""
        self.engine = engine
        self.builder = builder
        self.containers = containers

    def create(self, images: Chain, tag: str, tags: Mapping[str, str]) -> Refusal | None:
        """Create the last image of a chain.

        Args:
            images: How to create each image of the chain.
            tag: Its tag in the engine.
            tags: The tags in the engine of the images before it.

        Returns:
            The refusal, or None if the image was created.

        Raises:
            Fault: The engine died, or its disk is full.
        """
        match origin := images[-1]:
            case Image():
                # An image inherits its base's labels; the classic builder adds a layer to set them again.
                labels = self.containers.labels if "scratch" in str(origin) else {}
                return build_image(self.engine, self.builder, images, tag, tags, labels)
            case Commit():
                return self._commit(origin, tag, tags)
            case Import():
                return self._import(origin, tag)
            case Load():
                return self._load(origin, tag)
            case Tag():
                self.engine.post(f"/images/{tags[origin.base]}/tag", repo=tag)
        return None

    @property
    def _is_podman(self) -> bool:
        return self.engine.product == "podman"

    def _commit(self, origin: Commit, tag: str, tags: Mapping[str, str]) -> Refusal | None:
        container = self.containers.create(tags[origin.base], origin.request)
        if isinstance(container, Refusal):
            return Refusal(container.phase, container.kind, container.message, image=origin.name)
        # Podman has its own requests for commits and imports. In older versions, those of Docker's API split
        # the changes at blanks, need a body, or do not name the image.
        path, more = ("/libpod/commit", {"format": "docker"}) if self._is_podman else ("/commit", {})
        try:
            self.engine.post(path, container=container, repo=tag, changes=list(origin.changes), **more)
        except Refused as refused:
            return build_refusal(refused.message, origin.name)
        finally:
            self.containers.remove(container)
        return None

    def _import(self, origin: Import, tag: str) -> Refusal | None:
        # An imported image can get labels only from a change, which is put last and changes nothing else.
        labels = [f"LABEL {name}={value}" for name, value in self.containers.labels.items()]
        files, changes = layer(self.engine.architecture), [*origin.changes, *labels]
        if self._is_podman:
            # Podman 3.0 cannot build on an imported image without `localhost/`, which builds add themselves.
            params = {"reference": f"localhost/{tag}", "changes": changes}
            return self._post_archive("/libpod/images/import", origin.name, files, params)
        params = {"fromSrc": "-", "repo": tag, "changes": changes}
        return self._post_archive("/images/create", origin.name, files, params)

    def _load(self, origin: Load, tag: str) -> Refusal | None:
        files = layer(self.engine.architecture)
        config = {**json.loads(origin.config), "Labels": dict(self.containers.labels)}
        image = {
            "architecture": self.engine.architecture,
            "os": "linux",
            "config": config,
            # Podman 3.0 cannot build on an image whose history does not list its layers.
            "history": [{"created_by": "cmdpoint"}],
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(files).hexdigest()}"]},
        }
        manifest = [{"Config": "config.json", "RepoTags": [f"{tag}:latest"], "Layers": ["layer.tar"]}]
        archive = tar(
            {
                "manifest.json": (json.dumps(manifest).encode(), 0o644),
                "config.json": (json.dumps(image).encode(), 0o644),
                "layer.tar": (files, 0o644),
            }
        )
        refusal = self._post_archive("/images/load", origin.name, archive, {"quiet": "1"})
        if refusal is None:
            try:
                self.engine.get(f"/images/{tag}/json")
            except Refused as refused:
                # The image is loaded but cannot be used: with containerd's image store, 26.1.5 refuses to
                # inspect it, and cannot list images by label until it is removed.
                self.engine.delete(f"/images/{tag}", force="1")
                return build_refusal(refused.message, origin.name)
        return refusal

    def _post_archive(
        self, path: str, name: str, archive: bytes, params: Mapping[str, Any]
    ) -> Refusal | None:
        headers = {"Content-Type": "application/x-tar"}
        try:
            with self.engine.post_stream(path, params=params, data=archive, headers=headers) as chunks:
                body = b"".join(chunks)
        except Refused as refused:
            return build_refusal(refused.message, name)
        for line in lines_of(body, f"POST {path}"):
            # If the config is wrong, Podman 3.0 reports success without the name of an image.
            nothing = str(line.get("stream", "")).strip() == "Loaded image:"
            error = "no image was loaded" if nothing else line.get("error")
            if error is not None:
                raise_if_fault(str(error))
                return build_refusal(str(error), name)
        return None
