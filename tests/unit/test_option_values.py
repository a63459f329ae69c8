"""Which values of options a client reads; seen with `docker create` 28.5.2 and `podman create`."""

import pytest

from cmdpoint.oracle.clients.option_values import Kind, is_read

VALUES = (
    *("echo hi", "", "1", "-1", "0x10", "1_0", "010", "1.5", "99999", "99999999999999999999", "lots"),
    *("10m", "1h30m", "5s", "1g", "1.5GiB", "1e3", " 1", "+1", "on-failure:3"),
)


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        ("integer", {"1", "-1", "0x10", "1_0", "010", "99999", "+1"}),
        ("unsigned", {"1", "0x10", "1_0", "010", "99999"}),
        ("small", {"1", "0x10", "1_0", "010"}),
        ("duration", {"10m", "1h30m", "5s"}),
        ("size", {"1", "1_0", "010", "1.5", "99999", VALUES[9], "10m", "1g", "1.5GiB", "1e3", "+1"}),
        ("limit", {"1", "-1", "1_0", "010", "1.5", "99999", VALUES[9], "10m", "1g", "1.5GiB", "1e3", "+1"}),
        ("number", {"1", "-1", "0x10", "1_0", "010", "1.5", "99999", VALUES[9], "1e3", "+1"}),
        ("decimal", {"1", "-1", "1_0", "010", "1.5", "99999", VALUES[9], "1e3", "+1"}),
    ],
)
def test_values(kind: Kind, read: set[str]) -> None:
    """Each kind reads exactly these values of the list."""
    assert {value for value in VALUES if is_read(kind, value)} == read
