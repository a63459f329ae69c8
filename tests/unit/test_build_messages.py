"""What the error message of a builder means, where another message is similar to it."""

import pytest

from cmdpoint.engines.driver.messages import build_refusal


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("COPY failed: stat gone: file does not exist", "bad-source"),
        ("COPY failed: forbidden path outside the build context: plain/x ()", "bad-source"),
        ("lstat /gone: no such file or directory", "bad-source"),
        (
            "failed to compute cache key: failed to calculate checksum of ref a::b: too many links",
            "bad-source",
        ),
        ("too many links", "bad-path"),
        ("lstat /plain/x: not a directory", "bad-path"),
        ("cannot copy to non-directory: /var/lib/docker/overlay2/1/merged/plain", "bad-path"),
        (
            'building at STEP "COPY a /b": reading "/c": copier: get: lstat "/d"("/p/x"): lstat /p/x: '
            "not a directory",
            "bad-source",
        ),
        (
            'building at STEP "COPY a /b": checking on sources under "/c": copier: stat: error resolving '
            '"/d": open /d: too many levels of symbolic links',
            "bad-source",
        ),
        (
            'building at STEP "COPY a /d": checking on destination /d: copier: stat: error resolving '
            '"/d": open /d: too many levels of symbolic links',
            "bad-path",
        ),
        ('building at STEP "COPY a /b": destination /b already exists but is not a directory\n', "bad-path"),
        (
            'building at STEP "COPY a /b/c": 3 errors occurred:\n\t* storing "/a": error in copier '
            'subprocess: changing to intended-new-root directory "/m/b": chdir /m/b: not a directory\n\n',
            "bad-path",
        ),
        (
            'building at STEP "COPY a /b/c": 3 errors occurred:\n\t* storing "/a": error decoding response '
            "from copier subprocess: EOF\n\n",
            "bad-path",
        ),
        (
            'error building at STEP "COPY a /b/c": error adding sources [/a]: error storing "/a": error '
            "passing bulk input to subprocess: write |1: broken pipe",
            "bad-path",
        ),
        (
            'building at STEP "COPY --from=one /d /t/": reading "/m/d": waiting on subprocess: exit status '
            '1; error encoding quit request for copier subprocess: copier: get: lstat "/d"("/n"): lstat /n: '
            "no such file or directory: write |1: broken pipe\n",
            "bad-source",
        ),
    ],
)
def test_what_a_message_means(message: str, kind: str) -> None:
    """The reason stands at the end of the message, and its beginning says what the path is."""
    assert build_refusal(message, "image").kind == kind
