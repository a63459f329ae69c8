"""Rewrites of a Dockerfile that do not change what runs."""

import json
import re
from collections.abc import Callable
from random import Random
from typing import Final

Lines = list[str]
Rewrite = Callable[[Random, Lines], None]

_INSTRUCTION = re.compile(r"\s*([A-Za-z]+)([ \t]+)(.*)", re.DOTALL)


def rewritten(random: Random, lines: Lines) -> tuple[str, str]:
    """Rewrite a Dockerfile, and return the text and the names of the rewrites.

    Args:
        random: The source of choices.
        lines: The lines, each an instruction, a comment or blank, none continued.
    """
    lines = list(lines)
    chosen = [random.choice(REWRITES) for _ in range(random.randint(1, 3))]
    # Rewrites of instructions come before rewrites that break them into lines.
    for rewrite in sorted(chosen, key=REWRITES.index):
        rewrite(random, lines)
    text = "\n".join(lines) + "\n"
    if random.random() < 0.2:
        text = text.replace("\n", "\r\n")
    return text, " + ".join(rewrite.__name__ for rewrite in chosen)


def earlier_cmd(random: Random, lines: Lines) -> None:
    """Add a CMD before a CMD with words; if that had none, the classic builder would count the added one."""
    targets = [at for at, line in enumerate(lines) if re.match(r'(?i)CMD[ \t]+(\["|[a-z/])', line)]
    if targets:
        lines.insert(
            random.choice(targets), random.choice(['CMD ["earlier"]', "CMD earlier", "CMD []", "CMD"])
        )


def spelled_array(random: Random, lines: Lines) -> None:
    """Write an array with other blanks, and with other escapes for the same characters."""
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
    """Change the case of letters in a keyword."""
    at = random.randrange(len(lines))
    match = _INSTRUCTION.fullmatch(lines[at])
    if match:
        keyword = "".join(random.choice([char.lower(), char.upper()]) for char in match[1])
        lines[at] = f"{keyword}{match[2]}{match[3]}"


def comment(random: Random, lines: Lines) -> None:
    """Add a comment or a blank line below the first line, where a comment cannot be a directive."""
    lines.insert(random.randint(1, len(lines)), random.choice(['# CMD ["/no"]', "\t# no \\", "", "  "]))


def wrapped(random: Random, lines: Lines) -> None:
    """Break a line into two, sometimes with a comment between them."""
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
"""Every rewrite, in an order in which no rewrite prevents a later one."""
