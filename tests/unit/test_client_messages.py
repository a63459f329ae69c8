"""What the clients' messages for an image's name mean."""

import pytest

from cmdpoint.engines.driver.messages import client_refusal
from cmdpoint.oracle.outcome import Codes


@pytest.mark.parametrize(
    "message",
    [
        "docker: invalid reference format: repository name (library/A) must be lowercase\n",
        "docker: repository name must be lowercase. See 'docker run --help'.\n",
        "Error: repository name must be lowercase\n",
        "docker: invalid reference format\n",
    ],
)
def test_a_name_that_no_image_can_have(message: str) -> None:
    """No image has it, whatever the client says of its form."""
    refusal = client_refusal(message, Codes(run=125), created=False)
    assert (refusal.phase, refusal.kind) == ("create", "no-such-image")


def test_an_unknown_user_of_an_old_podman() -> None:
    """Podman 3.0.1 looks up the user when it attaches to the container that it created."""
    message = (
        "Error: error preparing container 898f for attach: error looking up nobody inside of "
        'the container 898f: error determining run uid: user: unknown user error looking up user "nobody"\n'
    )
    refusal = client_refusal(message, Codes(run=126), created=True)
    assert (refusal.phase, refusal.kind) == ("start", "bad-user")
