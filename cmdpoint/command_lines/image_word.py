"""Find the image in the words behind `docker run`, and check that an image can have that name."""

from dataclasses import dataclass

from cmdpoint.oracle.case import CommandLine, Words
from cmdpoint.oracle.clients.docker_run import IMAGE, of_image
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.reference import is_reference


@dataclass(frozen=True, slots=True)
class ImageWord:
    """The image of a command line.

    Attributes:
        line: The command line, in which `IMAGE` stands for the image.
        image: The word that names the image; None if no word does.
        options: The words before it.
        arguments: The words behind it.
    """

    line: CommandLine
    image: str | None
    options: Words = ()
    arguments: Words = ()

    @property
    def is_valid(self) -> bool:
        """Whether an image can have the name; a placeholder in it, such as `$IMAGE`, can become anything."""
        word = self.image
        return word is None or word == IMAGE or bool({"$", "<"} & set(word)) or is_reference(word)


def image_word(words: Words, dialect: Dialect) -> ImageWord:
    """Find the image among the words behind `docker run`.

    Args:
        words: The words.
        dialect: Whose client reads them.
    """
    line = of_image(words, dialect)
    if len(line.words) != len(words):
        return ImageWord(line, None)
    # Only the image's word was replaced; an option's value may be IMAGE too.
    at = next((i for i, (old, new) in enumerate(zip(words, line.words, strict=True)) if old != new), None)
    if at is None:
        at = words.index(IMAGE) if IMAGE in words else None
    if at is None:
        return ImageWord(line, None)
    return ImageWord(line, words[at], words[:at], words[at + 1 :])


def invalid_reference(found: ImageWord) -> tuple[str, str]:
    """Why `docker run` refuses the image's name, and what to do.

    Returns:
        The reason, and the remedy.
    """
    word = found.image or ""
    reason = f"{word!r} is taken for the image, and no image can be called so (invalid reference format)"
    before = found.options[-1] if found.options else ""
    if "/" in before or "=" in before:
        return reason, (
            f"the shell splits at blanks that are not quoted: if {before!r} and {word!r} belong together, "
            f'quote them: "{before} {word}"'
        )
    return reason, "name the image behind the options, in lower case"
