"""How an image comes to be: built, committed, imported, loaded, or only given another name."""

from collections.abc import Mapping

from cmdpoint.oracle.build.build import build
from cmdpoint.oracle.case import Commit, Image, ImageConfig, Import, Load, Origin, Tag
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.images.commit import commit, import_
from cmdpoint.oracle.images.load import load
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.trace import Scope


def make(
    origin: Origin, images: Mapping[str, ImageConfig], dialect: Dialect, scope: Scope
) -> ImageConfig | Refusal:
    """Make an image.

    Args:
        origin: How.
        images: The images that exist, by name.
        dialect: Whose engine and builder does it.
        scope: Takes the steps.

    Returns:
        The image's config, or the refusal.
    """
    scope = scope.in_image(origin.name)
    if origin.name in images:
        scope.note("MERGE-14", "image", None, origin.name, "from here on the name stands for another image")
    match origin:
        case Image():
            return build(origin, images, dialect, scope)
        case Commit():
            return commit(origin, images[origin.base], dialect, scope)
        case Import():
            return import_(origin, dialect, scope)
        case Load():
            return load(origin, dialect, scope)
        case Tag():
            return images[origin.base]
