"""Words that stand for the unknown config of a base image, so that an answer can show what is certain."""

from collections.abc import Iterable, Mapping

from cmdpoint.oracle.case import ImageConfig


def entrypoint_of(name: str) -> str:
    """The word that stands for all words of an image's Entrypoint, whether it has any or not."""
    return f"[ENTRYPOINT of {name}]"


def cmd_of(name: str) -> str:
    """The word that stands for all words of an image's Cmd, whether it has any or not."""
    return f"[CMD of {name}]"


def shell_of(name: str) -> str:
    """The word that stands for the words of an image's Shell, or for `/bin/sh -c` where it has none."""
    return f"[SHELL of {name}, or /bin/sh -c]"


def is_shell_of_base(word: str) -> bool:
    """Whether a word stands for the Shell of an image; see `shell_of`."""
    return word.startswith("[SHELL of ") and word.endswith(", or /bin/sh -c]")


def symbolic(name: str) -> ImageConfig:
    """The config of an unknown image, in which a word stands for each of its lists."""
    return ImageConfig((entrypoint_of(name),), (cmd_of(name),), (shell_of(name),))


def without_shell(name: str) -> ImageConfig:
    """The same, of an image without a Shell."""
    return ImageConfig((entrypoint_of(name),), (cmd_of(name),))


def symbols(names: Iterable[str]) -> Mapping[str, str]:
    """The words that stand for lists of images, each with the name of its image."""
    return {word: name for name in names for word in (entrypoint_of(name), cmd_of(name), shell_of(name))}
