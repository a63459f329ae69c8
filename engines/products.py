"""The products that private engines are made of."""

from typing import Final

from engines.dockerd import DOCKER
from engines.podman import PODMAN
from engines.product import Product

PRODUCTS: Final[dict[str, Product]] = {each.name: each for each in (DOCKER, PODMAN)}
"""By name."""
