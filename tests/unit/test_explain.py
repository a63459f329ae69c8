"""Explanations: the argv with the origin of each word, the steps, and how invisible characters are shown."""

import pytest

from cmdpoint.oracle.case import ABSENT, Case, CommandLine, Image, ImageConfig, Request
from cmdpoint.oracle.clients.docker_run import command_line, of_image
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.known import known_dialects
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.explain.steps import explain
from cmdpoint.oracle.predict import predict

DIALECT = Dialect.from_name("docker-28.5.2/buildkit")


def lines_of(*dockerfiles: str, request: Request | CommandLine | None = None) -> list[str]:
    """The lines that explain a chain of images `image1`, `image2` ..."""
    images = (Image(f"image{number}", text) for number, text in enumerate(dockerfiles, start=1))
    case = Case(tuple(images), request or Request())
    return explain(case, predict(case, DIALECT), {"STATE-2": "The title of it"}).splitlines()


def test_every_word_has_an_origin() -> None:
    """The words of ENTRYPOINT come from its line, an argument from the command line."""
    lines = lines_of('FROM probe\nENTRYPOINT ["/a", "b c"]\nCMD ["x"]\n', request=command_line(None, ["y"]))
    assert lines[:4] == [
        "What runs:",
        '  argv[0]  "/a"   ENTRYPOINT, line 2',
        '  argv[1]  "b c"  ENTRYPOINT, line 2',
        '  argv[2]  "y"    argument of the run',
    ]


def test_words_of_the_request_come_from_the_request() -> None:
    """With `--entrypoint`, no word comes from a line of the Dockerfile."""
    lines = lines_of('FROM probe\nENTRYPOINT ["/a"]\nCMD ["x"]\n', request=command_line("/b", ["y"]))
    assert lines[1:3] == ['  argv[0]  "/b"  --entrypoint', '  argv[1]  "y"   argument of the run']


@pytest.mark.parametrize(
    ("dockerfiles", "origin"),
    [
        (('FROM probe\nCMD ["/a"]\nCMD ["/b"]\n',), "CMD, line 3"),
        (("FROM probe\ncmd /a\n", 'FROM image1\nCMD ["/b"]\n'), "CMD, image2 line 2"),
        (('FROM probe\nCMD ["/b"]\n', "FROM image1\n"), "CMD, image1 line 2"),
        (('FROM probe AS one\nCMD ["/a"]\nFROM probe\nCMD ["/b"]\n',), "CMD, line 4"),
        (('FROM probe\nCMD ["/b"]\n', 'FROM probe AS one\nCMD ["/a"]\nFROM image1\n'), "CMD, image1 line 2"),
        (('FROM probe AS one\nFROM probe\nCMD ["/b"]\n',), "CMD, line 3"),
        (('FROM probe\nONBUILD CMD ["/b"]\n', "FROM image1\n"), "ONBUILD CMD, image1 line 2"),
    ],
    ids=["last", "child", "inherited", "stages", "other stage", "one line", "trigger"],
)
def test_the_line_of_a_word_is_the_one_that_decides(dockerfiles: tuple[str, ...], origin: str) -> None:
    """Of several instructions that could give a word, the one that takes effect is named."""
    assert lines_of(*dockerfiles)[1] == f'  argv[0]  "/b"  {origin}'


def test_steps_stand_under_the_line_that_caused_them() -> None:
    """A step shows its rule, what it changed and why, below the text of its line; a title appears once."""
    lines = lines_of('FROM probe\nCMD ["/a"]\n', 'FROM image1\n\n  ENTRYPOINT ["/b"]\n')
    at = lines.index('    STATE-2   Cmd: ["/a"] → []  (dropped: this stage has no CMD before the ENTRYPOINT)')
    assert lines[at - 2] == '  image2, line 3: ENTRYPOINT ["/b"]'
    assert lines[at + 1] == "              (The title of it)"


def test_a_refusal_shows_phase_kind_reason_and_line() -> None:
    """The explanation says that nothing runs, why, and which line is refused."""
    assert lines_of('FROM probe\nCMD ["a", 1]\n')[:4] == [
        "Nothing runs:",
        "  refused at parse: not-all-strings",
        "    a JSON array must hold strings only",
        '    image1, line 2: CMD ["a", 1]',
    ]


def test_nothing_invisible_reaches_the_terminal() -> None:
    """Control characters, unusual spaces and bytes that are not UTF-8 are always escaped."""
    lines = lines_of("FROM probe\nCMD echo \x1b[31m\u202e\u00a0\udcff x\n")
    assert all(line.isprintable() for line in lines)
    assert r"  image1, line 2: CMD echo \u001b[31m\u202e\u00a0\udcff x" in lines


def test_no_line_is_longer_than_the_width() -> None:
    """Long words are wrapped, and no part of them is lost."""
    word = "".join(f"{number:04}" for number in range(200))
    lines = lines_of(f'FROM probe\nENTRYPOINT ["/a", "{word}"]\nCMD {word}\n')
    assert max(map(len, lines)) <= 100
    assert word in "".join(line.strip() for line in lines)


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (Request(), "docker run IMAGE"),
        (Request(None, ("a b", "")), "docker run IMAGE 'a b' ''"),
        (Request(("",), None), "docker run --entrypoint '' IMAGE"),
        (Request((), ABSENT), 'POST /containers/create {"Entrypoint": []}'),
        (Request(None, ()), 'POST /containers/create {"Entrypoint": null, "Cmd": []}'),
        (Request(("a", "b")), 'POST /containers/create {"Entrypoint": ["a", "b"]}'),
        (Request(None, ("\x1b",)), r'POST /containers/create {"Entrypoint": null, "Cmd": ["\u001b"]}'),
    ],
)
def test_a_request_is_a_docker_run_line_where_the_client_can_make_it(request_: Request, text: str) -> None:
    """Any other request is shown as a request to the API."""
    assert notation.request_line(request_, "IMAGE") == text


def test_a_dockerfile_is_shown_with_its_end() -> None:
    """A missing line end after the last line is shown, because it can change the result."""
    assert list(notation.numbered("FROM a\n\tb\n")) == ["  1 | FROM a", r"  2 | \tb"]
    assert list(notation.numbered("FROM a")) == ["  1 | FROM a", "    (no line end after the last line)"]
    assert list(notation.numbered("")) == ["    (empty)"]


def test_bases_that_are_given_are_built_on() -> None:
    """A given base exists, and its files are not checked; without it, the build is refused."""
    case = Case((Image("image", 'FROM python\nENTRYPOINT ["/nowhere"]\n'),))
    given = predict(case, DIALECT, {"python": ImageConfig(cmd=("python3",))})
    assert given.config == ImageConfig(entrypoint=("/nowhere",))
    assert given.outcome == given.planned
    assert "refused at build: no-such-image" in explain(case, predict(case, DIALECT))


def test_a_step_about_a_request_has_no_line() -> None:
    """Podman reads a request's entrypoint when a container is created, not while an image is built."""
    case = Case((Image("image", "FROM probe\nCMD x\n"),), Request(entrypoint=('["/a"]',)))
    steps = [
        step for step in predict(case, Dialect.from_name("podman-5.4.2")).steps if step.rule == "MERGE-19"
    ]
    assert [(step.phase, step.image, step.line) for step in steps] == [("create", None, None)]


def test_each_point_of_change_is_described() -> None:
    """Both builders are described at the oldest version, where trailing text changed, and at the newest."""
    names = set(map(str, known_dialects()))
    versions = ("20.10", "27.1", "28.1")
    assert {
        f"docker-{version}/{builder}" for version in versions for builder in ("classic", "buildkit")
    } <= names
    assert len(names) == len(known_dialects())


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("--rm -it app sh", "--rm -it IMAGE sh"),
        ("-e A=b --entrypoint x app:1 app:1", "-e A=b --entrypoint x IMAGE app:1"),
        ("-- app -- y", "-- IMAGE -- y"),
        ("--rm", "--rm"),
        ("--nope app", "--nope app"),
        ("--name app", "--name app"),
    ],
)
def test_the_image_of_a_command_line_is_found(words: str, expected: str) -> None:
    """The image is the first word that is neither an option nor the value of one."""
    assert of_image(tuple(words.split()), DIALECT) == CommandLine(tuple(expected.split()))
