"""The values of behaviours that explain a divergence."""

import pytest

from cmdpoint.conformance.explaining_values import explaining_values
from cmdpoint.oracle import Case, CommandLine, Dialect, Image, Process


@pytest.mark.parametrize("name", ["docker-28.5.2/buildkit", "docker-28.5.2/buildkit/crun-1.21"])
def test_the_value_of_an_older_version_explains_what_it_does(name: str) -> None:
    """Docker before 27.1 ignores text behind an array. No value explains another program."""
    case = Case((Image("image", 'FROM probe\nCMD ["/a"] # x\n'),), CommandLine(("IMAGE",)))
    new = Dialect.from_name(name)
    assert explaining_values(case, "observed", new, Process(("/a",))) == ("trailing_text: 'ignored'",)
    assert explaining_values(case, "observed", new, Process(("/b",))) == ()
