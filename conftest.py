"""Load cmdpoint's pytest plugin for a run of pytest in the checkout, and choose what `pytest` alone runs."""

import pytest

pytest_plugins = ["cmdpoint.conformance.plugin"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect slow tests if the command line names no tests, so that `pytest` answers in seconds."""
    if config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.option.markexpr:
        slow = [item for item in items if item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]
