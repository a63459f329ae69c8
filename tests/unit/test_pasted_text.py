"""Pasted texts: what a shell keeps for itself is no argument of the container."""

import pytest

from cmdpoint.command_lines.faults import NotCovered
from cmdpoint.command_lines.pasted import Arguments, ExecLine, RunLine, read_pasted


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("docker run -d IMAGE && docker logs -f web", ("-d", "IMAGE")),
        ("docker run IMAGE sh -c 'a && b' | tee log", ("IMAGE", "sh", "-c", "a && b")),
        ('docker run IMAGE sh -c "a | b" > log 2>&1', ("IMAGE", "sh", "-c", "a | b")),
        ("docker run -i IMAGE bash <<EOF\necho a\nEOF", ("-i", "IMAGE", "bash")),
        ("docker run IMAGE ls; exit", ("IMAGE", "ls")),
        ("docker run IMAGE ls  # what is there?", ("IMAGE", "ls")),
        ("docker run -e A=a#b IMAGE", ("-e", "A=a#b", "IMAGE")),
        ("docker build -t x . && docker run x ls", ("x", "ls")),
        ("time docker run IMAGE ls", ("IMAGE", "ls")),
        ("cd app\nsudo docker run \\\n  --rm IMAGE", ("--rm", "IMAGE")),
        ("# docker run IMAGE 2", ("IMAGE", "2")),
        ('docker run --entrypoint "" IMAGE sh', ("--entrypoint", "", "IMAGE", "sh")),
        ("docker run -v $(pwd):/x IMAGE", ("-v", "$(pwd):/x", "IMAGE")),
    ],
)
def test_a_text(text: str, words: tuple[str, ...]) -> None:
    """Operators, redirections, here-documents and comments belong to the shell, unless they are quoted."""
    line = read_pasted([text])
    assert isinstance(line, RunLine)
    assert line.words == words


def test_an_empty_word_is_one() -> None:
    """A shell passes `--entrypoint ""` as two words."""
    line = read_pasted(["docker", "run", "--entrypoint", "", "IMAGE"])
    assert isinstance(line, RunLine)
    assert line.words == ("--entrypoint", "", "IMAGE")


def test_other_texts() -> None:
    """A text without a client is one argument; `exec` is found as `run` is."""
    assert read_pasted(["echo a; echo b"]) == Arguments(("echo a; echo b",))
    assert isinstance(read_pasted(["docker ps; docker exec web sh"]), ExecLine)


@pytest.mark.parametrize("text", ["timeout 10 docker run IMAGE ls", "if true; then podman run IMAGE; fi"])
def test_words_in_front_of_a_client(text: str) -> None:
    """A text that starts a container in a way that is not known is never taken for an argument."""
    with pytest.raises(NotCovered, match="in front of docker"):
        read_pasted([text])
