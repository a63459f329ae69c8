"""The words of ARG, ENV and LABEL, and which of them are refused when lines are read."""

from functools import lru_cache

from cmdpoint.oracle.case import Words
from cmdpoint.oracle.dockerfile.go_strings import SEPARATOR, SPACE


def what_is_wrong(keyword: str, words: Words, text: str) -> str:
    """What is wrong with the words of an ENV or a LABEL; empty for any other instruction.

    Args:
        keyword: The instruction's keyword.
        words: Its words, as `split_words` returns them.
        text: Its arguments.

    Source: moby/buildkit, `parser/line_parsers.go:parseNameVal`, `parseWords`.
    """
    if keyword not in ("ENV", "LABEL") or not words:
        return ""
    if "=" not in words[0]:
        return "" if SEPARATOR.search(text) else f"{keyword} takes a name and a value"
    wrong = next((word for word in words if "=" not in word), None)
    return "" if wrong is None else f"{wrong!r} lacks a ="


# A text is read again for each request to its image, and may have two million characters.
@lru_cache(maxsize=256)
def split_words(text: str, escape: str) -> Words:
    """The words of a text, with their quotes; a quote that is never closed reaches to the end."""
    words: list[str] = []
    word = quote = ""
    at = 0
    while at < len(text):
        char = text[at]
        if not quote and char in SPACE:
            if word:
                words.append(word)
            word = ""
        elif char == escape and quote != "'":
            word += text[at : at + 2] if at + 1 < len(text) else ""
            at += 1
        else:
            if char == quote:
                quote = ""
            elif not quote and char in "'\"":
                quote = char
            word += char
        at += 1
    return (*words, word) if word else tuple(words)
