"""The options `--base` and `--bases`: from where the configs of base images come, and in which order."""

import argparse
from collections.abc import Iterator, Sequence
from typing import Final

from cmdpoint.bases.given import given
from cmdpoint.bases.sources import FoundConfigs, Given, Source
from cmdpoint.bases.table import TABLE
from cmdpoint.cli.faults import NotInstalled, install
from cmdpoint.cli.printing import say
from cmdpoint.exit_codes import ExitCode
from cmdpoint.settings import Settings, find_settings

SOURCES: Final = ("daemon", "registry", "table")
"""The values of `--bases`, in the order in which they are used."""

BASES_FAULTS: Final = (
    (ExitCode.NO_ENGINE, "with --bases daemon: no daemon answers"),
    (ExitCode.REGISTRY, "with --bases registry: a registry cannot be read"),
    (ExitCode.NOT_INSTALLED, "with --bases: a library is not installed"),
    ExitCode.BAD_SETTINGS,
)
"""The further exit codes of a command with these options."""

_BASE: Final = (
    'the config of an image that FROM names: NAME=\'{"Entrypoint": [...], "Cmd": [...]}\', or NAME=@FILE '
    "with the output of `docker image inspect` or `skopeo inspect --config --raw`, an OCI layout, or an "
    "archive of `docker save`"
)
_BASES: Final = (
    "look up other base images: `daemon` in the daemon that answers, `registry` in their registries, with "
    "the credentials of `docker login`, `table` in a table of official images, which is dated; may be "
    "repeated. --base and cmdpoint.toml come first"
)


def add_base_options(parser: argparse.ArgumentParser) -> None:
    """Add `--base` and `--bases` to a command."""
    option = parser.add_argument
    option("--base", metavar="NAME=CONFIG", action="append", default=[], help=_BASE)
    option("--bases", metavar="SOURCE", choices=SOURCES, action="append", default=[], help=_BASES)


def base_configs(
    options: argparse.Namespace, settings: Settings | None = None, platform: str | None = None
) -> FoundConfigs:
    """The configs of base images for a command.

    Args:
        options: The options of the command.
        settings: The settings of the project; None to search for them.
        platform: The platform for registries.

    Raises:
        Fault: A config is malformed, no daemon answers, or a library is missing. A registry that does not
            answer is a fault of the look-up.
    """
    configs = given(options.base)
    project = find_settings() if settings is None else settings
    sources: list[Source] = [Given(project.bases, project.name)] if project.bases else []
    return FoundConfigs(configs, [*sources, *_sources(options.bases, platform)])


def say_sources(configs: FoundConfigs) -> None:
    """Say where configs come from, on standard error: one line for those of the table, which are dated."""
    dated = {name: found for name, found in configs.looked_up.items() if found.date}
    if len(dated) > 1:
        oldest = min(found.date for found in dated.values())
        more = f" and {len(dated) - 3} more" if len(dated) > 3 else ""
        say(
            f"the configs of {len(dated)} base images are from the table of official images, the oldest of "
            f"{oldest}, not from your registry: {', '.join(list(dated)[:3])}{more}"
        )
    for name, found in configs.looked_up.items():
        if name not in dated or len(dated) == 1:
            say(f"the config of {name} is from {found.origin}")


def _sources(names: Sequence[str], platform: str | None) -> Iterator[Source]:
    """The sources that `--bases` names. Nothing is imported for those that it does not."""
    try:
        if "daemon" in names:
            from cmdpoint.bases.daemon import DaemonImages  # noqa: PLC0415 - see `cmdpoint.commands`

            yield DaemonImages.of_host()
        if "registry" in names:
            from cmdpoint.bases.registry import Registries  # noqa: PLC0415 - see `cmdpoint.commands`

            yield Registries() if platform is None else Registries(platform)
    except ModuleNotFoundError as error:
        raise NotInstalled(
            "cmdpoint cannot connect to daemons and registries",
            f"the Python library {error.name} is not installed",
            f"{install('live')}, or use --base",
        ) from error
    if "table" in names:
        yield TABLE
