"""The table of official images: the configs that their own Dockerfiles had on a date.

`write.py` writes `table.json`. The table is old, and a registry may have other images by these names, so what
it has is never certain: it is used only on request, and each answer has its date and source.
"""

import json
from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files
from typing import Any, Final

from cmdpoint.bases.given import read_config
from cmdpoint.bases.names import reference
from cmdpoint.bases.sources import Found, FoundConfigs
from cmdpoint.oracle.case import ImageConfig


class Table:
    """The table, which is read when the first image is looked up."""

    @cached_property
    def _data(self) -> Any:
        return json.loads(files("cmdpoint.bases.table").joinpath("table.json").read_text("utf-8"))

    @property
    def date(self) -> str:
        """The date of the newest listing in it."""
        return str(self._data["date"])

    def find(self, name: str) -> Found | None:
        """The config of an official image; None for a digest, and for a tag that the table does not have."""
        wanted = reference(name)
        if wanted is None or wanted.domain != "docker.io" or wanted.digest:
            return None
        owner, _, image = wanted.path.rpartition("/")
        for group in self._data["images"].get(image, ()) if owner == "library" else ():
            for build in group["builds"]:
                if wanted.tag in build["tags"].split():
                    origin = f"the table of official images as of {build['date']} ({build['source']})"
                    return Found(
                        read_config(group["config"], origin),
                        f"{origin}, not from your registry",
                        build["date"],
                    )
        return None


TABLE: Final = Table()
"""The table that comes with cmdpoint."""


def with_table(configs: Mapping[str, ImageConfig]) -> FoundConfigs:
    """Configs, and the table of official images for those that are unknown."""
    return configs.then(TABLE) if isinstance(configs, FoundConfigs) else FoundConfigs(configs, [TABLE])
