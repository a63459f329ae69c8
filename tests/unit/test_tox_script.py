"""`./tox`, which downloads tox: the pip that it uses."""

import ensurepip
from pathlib import Path
from runpy import run_path

import pytest

ROOT = Path(__file__).parents[2]


def test_the_pip_is_that_of_the_same_python() -> None:
    """The distribution's pip may be too old for a Python that does not come from the distribution."""
    bundled = Path(ensurepip.__file__).parent / "_bundled"
    if not any(bundled.glob("pip-*.whl")):
        pytest.skip("this Python came without pip")
    assert run_path(str(ROOT / "tox"))["local_pip"]().parent == bundled
