"""The front end that a `# syntax=` line names, and whether its release decides a result (LEX-34)."""

from collections.abc import Callable, Iterator

from cmdpoint.bases.unknown import UnknownBase
from cmdpoint.oracle.case import Case, Image
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.front_ends import FrontEnd, front_end, with_front_end
from cmdpoint.oracle.dockerfile.syntax import named_front_end


def front_ends(case: Case, dialect: Dialect) -> Iterator[FrontEnd]:
    """The front ends that the Dockerfiles of a case name, as far as the builder follows them."""
    for image in case.images:
        name = named_front_end(image, dialect) if isinstance(image, Image) else None
        if name is not None:
            yield front_end(name)


def front_end_needs(
    case: Case, dialect: Dialect, result: Callable[[Dialect], object]
) -> tuple[UnknownBase, ...]:
    """The front ends whose release decides a result and is not known: the tag moves, or it is not described.

    Args:
        case: The case.
        dialect: The dialect that predicts it.
        result: Computes the result, with the release that a tag without a version means.
    """
    found = []
    for each in front_ends(case, dialect):
        same = True
        if each.moves:
            first, *others = (
                result(dialect.with_values({"moving_front_end": release})) for release in each.releases
            )
            same = all(other == first for other in others)
        if not each.releases or not same:
            found.append(UnknownBase(each.name, ("Front end",)))
    return tuple(found)


def read_by(case: Case, dialect: Dialect, *, decides: bool) -> Iterator[str]:
    """A sentence for each front end that reads a file of a case in place of the engine's own.

    Args:
        case: The case.
        dialect: The dialect that predicts it.
        decides: Whether the outcome depends on the release of a front end.
    """
    for each in front_ends(case, dialect):
        if not each.releases:
            yield f"The front end {each.name} reads the Dockerfile, and it is not described."
        elif not each.moves:
            yield (
                f"The front end {each.name} reads the Dockerfile, by the rules of its release, whatever the "
                "version of the engine (read in the source, not observed)."
            )
        elif decides:
            yield f"The front end {each.name} reads the Dockerfile. It moves, and its releases differ here."
        else:
            yield f"The front end {each.name} reads the Dockerfile. It moves, but all releases agree here."


def as_read(case: Case, dialect: Dialect) -> Dialect:
    """The dialect with the behaviours of the front end that reads the last Dockerfile of a case."""
    *_, last = (None, *front_ends(Case(case.images[-1:]), dialect))
    if last is None or not last.releases:
        return dialect
    return with_front_end(dialect, dialect.moving_front_end if last.moves else last.releases[0])
