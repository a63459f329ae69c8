"""The products that can run as private engines."""

from typing import Final

from cmdpoint.engines.products.docker import DOCKER
from cmdpoint.engines.products.podman import PODMAN
from cmdpoint.engines.products.product import Product

PRODUCTS: Final[dict[str, Product]] = {each.name: each for each in (DOCKER, PODMAN)}
"""The products by name."""
