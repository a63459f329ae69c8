"""How the API reads JSON that the oracle's requests cannot express."""

from typing import Any

import pytest

from cmdpoint.conformance.comparator import Comparator
from cmdpoint.engines.driver.containers import Containers
from cmdpoint.engines.driver.engine import Refused
from cmdpoint.engines.driver.labels import Owner
from cmdpoint.engines.driver.live_target import LiveTarget
from cmdpoint.oracle import Case, Image, Process, Request, Words
from cmdpoint.oracle.container.execution import LONGEST_WORD

pytestmark = pytest.mark.one_builder  # no builder decides about this

IMAGE = Image("image", 'FROM probe\nENTRYPOINT ["/e"]\nCMD ["c"]\n')


def created(live: LiveTarget, body: dict[str, Any]) -> Words:
    """The argv of a container that is created with some keys in the request."""
    tag, labels = live.tag((IMAGE,)), Owner.this_process().labels
    body = {"Image": tag, "Labels": labels, "HostConfig": live.engine.limits, **body}
    containers = Containers(live.engine, labels, live.client)
    container = live.engine.post("/containers/create", body)["Id"]
    try:
        return containers.path_and_args(container).argv
    finally:
        containers.remove(container)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"Cmd": "a b"}, ["/e", "a b"]),
        ({"Entrypoint": "/x y"}, ["/x y"]),
        ({"Entrypoint": "", "Cmd": ["/x"]}, ["/x"]),
        ({"cmd": ["x"]}, ["/e", "x"]),
        ({"ENTRYPOINT": ["/x"]}, ["/x"]),
        ({"Cmd": ["x", None]}, ["/e", "x", ""]),
    ],
)
def test_what_go_makes_of_the_json(live: LiveTarget, body: dict[str, Any], words: list[str]) -> None:
    """A string is one word, keys match in any letter case, null is an empty word (MERGE-11, MERGE-12)."""
    assert created(live, body) == tuple(words)


@pytest.mark.parametrize("body", [{"Cmd": ["a", 1]}, {"Entrypoint": {"a": "b"}}, {"Cmd": True}])
def test_a_value_of_another_type_is_refused(live: LiveTarget, body: dict[str, Any]) -> None:
    """The engine refuses the request."""
    with pytest.raises(Refused) as refused:
        created(live, body)
    assert refused.value.status in (400, 500)


def test_a_word_may_not_be_longer_than_the_kernel_takes(comparator: Comparator) -> None:
    """With one byte more than the kernel allows, the program is not executed (EXEC-15)."""
    longest, longer = (Request(("/a", "x" * length)) for length in (LONGEST_WORD, LONGEST_WORD + 1))
    comparator.observed((IMAGE,), [longer])
    if comparator.live.engine.product == "podman" and comparator.live.engine.numbers < (3, 4):
        # It loses one of every 8192 bytes of output (containers/podman 7cf22279d9). The word is incomplete,
        # but it shows that the program ran.
        seen = comparator.live.observed(Case((IMAGE,), longest))
        assert isinstance(seen, Process)
        assert len(seen.argv[1]) == LONGEST_WORD - LONGEST_WORD // 8192 - 1
    else:
        comparator.observed((IMAGE,), [longest])
