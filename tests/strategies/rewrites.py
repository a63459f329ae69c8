"""Rewrites of a Dockerfile that change nothing in what runs."""

import json
import re
from collections.abc import Callable
from random import Random
from typing import Final

Lines = list[str]
Rewrite = Callable[[Random, Lines], None]

_INSTRUCTION = re.compile(r"\s*([A-Za-z]+)([ \t]+)(.*)", re.DOTALL)


def rewritten(random: Random, lines: Lines) -> tuple[str, str]:
    """A text that means the same as the lines do, and the names of what was done to them.

    Args:
        random: Decides.
        lines: One instruction, comment or blank line each, none of them continued.
    """
    lines = list(lines)
    chosen = [random.choice(REWRITES) for _ in range(random.randint(1, 3))]
    # What works on instructions comes before what breaks them into lines.
    for rewrite in sorted(chosen, key=REWRITES.index):
        rewrite(random, lines)
    text = "\n".join(lines) + "\n"
    if random.random() < 0.2:
        text = text.replace("\n", "\r\n")
    return text, " + ".join(rewrite.__name__ for rewrite in chosen)


def earlier_cmd(random: Random, lines: Lines) -> None:
    """A CMD before another CMD of the same stage; one that holds something, or classic would count it."""
    targets = [at for at, line in enumerate(lines) if re.match(r'(?i)CMD[ \t]+(\["|[a-z/])', line)]
    if targets:
        lines.insert(
            random.choice(targets), random.choice(['CMD ["earlier"]', "CMD earlier", "CMD []", "CMD"])
        )


def spelled_array(random: Random, lines: Lines) -> None:
    """An array with other blanks in it, and other escapes for the same characters."""
    at = random.randrange(len(lines))
    match = _INSTRUCTION.fullmatch(lines[at])
    if match is None or match[1].upper() not in ("CMD", "ENTRYPOINT", "SHELL"):
        return
    try:
        words = json.loads(match[3])
    except (ValueError, RecursionError):
        return
    if isinstance(words, list) and all(isinstance(word, str) and word.isascii() for word in words):
        spelled = (f'"{"".join(_spelled(random, char) for char in word)}"' for word in words)
        body = random.choice([",", " , ", ", ", ",\t"]).join(spelled)
        lines[at] = f"{match[1]}{match[2]}[{random.choice(['', ' '])}{body}]"


def _spelled(random: Random, char: str) -> str:
    plain = json.dumps(char)[1:-1]
    return random.choice([plain, plain, f"\\u{ord(char):04x}", f"\\u{ord(char):04X}"])


def letter_case(random: Random, lines: Lines) -> None:
    """A keyword in other letters' case."""
    at = random.randrange(len(lines))
    match = _INSTRUCTION.fullmatch(lines[at])
    if match:
        keyword = "".join(random.choice([char.lower(), char.upper()]) for char in match[1])
        lines[at] = f"{keyword}{match[2]}{match[3]}"


def comment(random: Random, lines: Lines) -> None:
    """A comment or a blank line; below the first line, where no comment is a directive."""
    lines.insert(random.randint(1, len(lines)), random.choice(['# CMD ["/no"]', "\t# no \\", "", "  "]))


def wrapped(random: Random, lines: Lines) -> None:
    """A line that goes on in the next, perhaps with a comment between."""
    at = random.randrange(len(lines))
    line = lines[at]
    whole = _INSTRUCTION.fullmatch(line) and "\n" not in line and line.rstrip()[-1:] != "\\"
    if not whole or re.match(r"(?i)FROM|ARG", line):
        return
    targets = [
        target
        for target in range(1, len(line))
        if line[target - 1] != "\\" and line[target:].strip() and not line[target:].lstrip().startswith("#")
    ]
    if targets:
        target = random.choice(targets)
        between = random.choice(["\n", "\n", " \n", "\n# between\n", "\n\n"])
        lines[at] = f"{line[:target]}\\{between}{line[target:]}"


REWRITES: Final[list[Rewrite]] = [earlier_cmd, spelled_array, letter_case, comment, wrapped]
"""Every rewrite, in an order in which one leaves the next its work."""
