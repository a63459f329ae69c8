"""The products that private engines are made of."""

from typing import Final

from cmdpoint.engines.products.docker import DOCKER
from cmdpoint.engines.products.podman import PODMAN
from cmdpoint.engines.products.product import Product

PRODUCTS: Final[dict[str, Product]] = {each.name: each for each in (DOCKER, PODMAN)}
"""By name."""
