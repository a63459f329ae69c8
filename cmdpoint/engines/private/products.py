"""The products that private engines are made of."""

from typing import Final

from cmdpoint.engines.private.dockerd import DOCKER
from cmdpoint.engines.private.podman import PODMAN
from cmdpoint.engines.private.product import Product

PRODUCTS: Final[dict[str, Product]] = {each.name: each for each in (DOCKER, PODMAN)}
"""By name."""
