"""The front end that a Dockerfile names, which is an image as any other (LEX-34)."""

from collections.abc import Mapping

from cmdpoint.oracle.build.stage import no_image
from cmdpoint.oracle.case import Image, ImageConfig
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.front_ends import front_end, with_front_end
from cmdpoint.oracle.dockerfile.syntax import named_front_end
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.trace import Scope


def chosen_front_end(
    image: Image, images: Mapping[str, ImageConfig], dialect: Dialect, scope: Scope
) -> Dialect | Refusal:
    """The dialect with the front end that the file names, or its own if it names none.

    Of a tag that moves, it is the newest release; of an image that is not described, the builder's own.

    Args:
        image: The Dockerfile and the build arguments.
        images: The images that exist, by name.
        dialect: How the builder behaves.
        scope: Takes the steps.
    """
    name = named_front_end(image, dialect)
    if name is None:
        return dialect
    if name not in images:
        refused = no_image(name, dialect, scope)
        scope.note("LEX-34", "build", None, "refused", "the front end cannot be loaded")
        return refused
    scope.note("LEX-34", "front end", None, name, "it reads the file, whatever the version of the engine")
    named = front_end(name)
    if not named.releases:
        return dialect
    release = dialect.moving_front_end if named.moves else named.releases[0]
    return with_front_end(dialect, release)
