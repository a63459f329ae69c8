"""`cmdpoint explain`: what a container of a Dockerfile runs, and which lines and rules decide it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cmdpoint.bases.given import Bases, given
from cmdpoint.cli.faults import BadDialect
from cmdpoint.cli.reading import display_name, read
from cmdpoint.exit_codes import ExitCode
from cmdpoint.oracle.case import Case, CommandLine, Image, ImageConfig
from cmdpoint.oracle.clients.docker_run import command_line, of_image
from cmdpoint.oracle.comparison import agree
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.known import known_dialects
from cmdpoint.oracle.dialect.unknown import REMEDY, UnknownDialect
from cmdpoint.oracle.dockerfile.reference import is_reference
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.explain.steps import explain
from cmdpoint.oracle.explain.steps import outcome as outcome_lines
from cmdpoint.oracle.outcome import Outcome, Prediction, Process
from cmdpoint.oracle.predict import predict
from cmdpoint.spec.titles import titles


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainRequest:
    """The arguments of `cmdpoint explain`.

    Attributes:
        file: The Dockerfile's path, or `-` for standard input.
        target: The stage to build, or None for the last.
        entrypoint: The value of `--entrypoint`, or None.
        arguments: The words after the image; or, if they begin with `docker run`, a whole command line.
        dialect: The name of a dialect, or None for the newest.
        bases: The `--base` options.
    """

    file: str
    target: str | None
    entrypoint: str | None
    arguments: Sequence[str]
    dialect: str | None
    bases: Sequence[str]


def answer(wanted: ExplainRequest) -> tuple[str, int]:
    """Explain what runs.

    Returns:
        The text, and the exit code.

    Raises:
        Fault: The Dockerfile cannot be read, or an option is malformed.
    """
    dialect = find_dialect(wanted.dialect)
    image = Image(_image_name(wanted.file), read(wanted.file), wanted.target)
    case = Case((image,), _command_line(wanted, dialect))
    text, outcome = explanation(case, dialect, given(wanted.bases), elsewhere=wanted.dialect is None)
    return text, ExitCode.DONE if isinstance(outcome, Process) else ExitCode.FINDING


def explanation(
    case: Case, dialect: Dialect, configs: Mapping[str, ImageConfig], *, elsewhere: bool
) -> tuple[str, Outcome]:
    """Explain a case.

    Args:
        case: The Dockerfile, and how its image is run.
        dialect: The dialect that predicts it.
        configs: The configs of base images that are known.
        elsewhere: Whether to list the dialects that lead to another outcome.

    Returns:
        The text, and the outcome.
    """
    bases = Bases(configs)
    prediction = predict(case, dialect, bases)
    text = f"{dialect}\n\n{explain(case, prediction, titles())}"
    text += "".join(f"{line}\n" for line in _caveats(dialect, bases, prediction.outcome))
    if elsewhere:
        text += "".join(f"{line}\n" for line in _elsewhere(case, prediction.outcome, configs))
    return text, prediction.outcome


def _image_name(file: str) -> str:
    """The name of a file's image: the file's name in the output, changed if a FROM could name it."""
    name = display_name(file)
    return f"./{name}" if is_reference(name) else name


def _command_line(wanted: ExplainRequest, dialect: Dialect) -> CommandLine:
    words = tuple(wanted.arguments)
    if words[:2] == ("docker", "run"):
        return of_image(words[2:], dialect)
    return command_line(wanted.entrypoint, words)


def find_dialect(name: str | None) -> Dialect:
    """Find the dialect with a name, or the newest verified one.

    Raises:
        BadDialect: There is no dialect of that name.
    """
    if name is None:
        return Dialect.newest()
    try:
        return Dialect.from_name(name)
    except UnknownDialect as error:
        label = "the nearest name is" if len(error.nearest) == 1 else "the nearest names are"
        raise BadDialect(error.what, f"{label} {', '.join(error.nearest)}", REMEDY) from error


def _caveats(dialect: Dialect, bases: Bases, outcome: Outcome) -> Iterator[str]:
    """Yield the paragraphs about assumptions."""
    if not dialect.verified:
        yield from _paragraph(
            f"Not verified: {dialect} is newer than every engine that was tested; it is assumed to behave "
            f"like {Dialect.newest(dialect.builder)}."
        )
    if bases.assumed:
        names = ", ".join(map(notation.visible, bases.assumed))
        yield from _paragraph(
            f"Assumed: {names} has no Entrypoint and no Cmd of its own. If this is wrong, pass the config "
            "with --base, as `docker image inspect --format '{{json .Config}}' NAME` prints it."
        )
    if bases.unused:
        names = ", ".join(map(notation.visible, bases.unused))
        yield from _paragraph(f"Not used: --base {names}. Nothing is built on an image of that name.")
    if isinstance(outcome, Process):
        yield from _paragraph(
            f"Assumed: the image contains the program {notation.quoted(outcome.argv[0])}; "
            "RUN, COPY and ADD are not followed."
        )


def _elsewhere(case: Case, here: Outcome, configs: Mapping[str, ImageConfig]) -> Iterator[str]:
    """Yield the paragraphs about the dialects that lead to another outcome."""
    others: list[tuple[Prediction, list[str]]] = []
    for dialect in known_dialects():
        prediction = predict(case, dialect, Bases(configs))
        if agree(here, prediction.outcome):
            continue
        same = next((names for known, names in others if agree(known.outcome, prediction.outcome)), None)
        if same is None:
            others.append((prediction, [str(dialect)]))
        else:
            same.append(str(dialect))
    if others:
        yield ""
        yield "Other engines run something else:"
    for prediction, names in others:
        yield ""
        yield from notation.fold(f"{', '.join(names)}:", "  ")
        yield from (f"  {line}" for line in outcome_lines(case, prediction))


def _paragraph(text: str) -> Iterator[str]:
    yield ""
    yield from notation.fold(text)
