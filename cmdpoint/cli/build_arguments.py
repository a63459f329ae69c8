"""The `--build-arg` options of commands."""

import os
from collections.abc import Iterable


def build_arguments(options: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The build arguments, as `docker build` reads them.

    Args:
        options: Each is `NAME=VALUE`; or a name, whose value is the environment's. Without one it is not set.
    """
    return tuple(_argument(option) for option in options if "=" in option or option in os.environ)


def _argument(option: str) -> tuple[str, str]:
    name, equals, value = option.partition("=")
    return name, value if equals else os.environ[name]
