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
