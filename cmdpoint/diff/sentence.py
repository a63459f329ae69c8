"""A change of what runs, in a sentence."""

from cmdpoint.bases.symbols import cmd_of, entrypoint_of, shell_of
from cmdpoint.diff.compare import UseChange
from cmdpoint.oracle.case import Words
from cmdpoint.oracle.container.shell import shell_command
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.outcome import Process, Refusal


def sentence(change: UseChange) -> str:
    """What a user notices of a change."""
    decision = change.decision
    if decision.verdict == "same":
        return "Nothing changes."
    if decision.verdict == "unknown" and not decision.exception:
        return f"Unknown: it depends on {'; '.join(map(str, decision.needs))}."
    text = _of_outcomes(change)
    text = f"{text[0].upper()}{text[1:]}"
    return f"{text}, unless {decision.exception}." if decision.exception else f"{text}."


def _of_outcomes(change: UseChange) -> str:
    match change.before, change.after:
        case Refusal(), Process():
            return f"It works now: before, it was refused at {change.before.phase}"
        case Process(), Refusal():
            return f"It no longer works: refused at {change.after.phase}, {change.after.message}"
        case Process(before), Process(after):
            return _of_argument(before, after, change) or _of_program(before, after, change)
    return "It is refused for another reason"


def _of_argument(before: Words, after: Words, change: UseChange) -> str:
    """What becomes of the words that the use adds; empty if nothing does."""
    entrypoints = {entrypoint_of(name): name for name in change.unknown}
    shells = _shells(change)
    for word in change.use.words:
        here, there = before[0] == word, after[0] == word
        if there and not here:
            return f"{word} is now the program, and replaces all that ran before"
        if here and not there:
            return f"{word} was the program, and is an argument of {_program(after, change)} now"
        if after[0] in entrypoints and after[1:2] == (word,) and before[:2] != after[:2]:
            image = entrypoints[after[0]]
            return f"The ENTRYPOINT of {image} gets {word}, and if it has none, {word} is the program"
        if (word in before) != (word in after):
            return f"{word} is passed on now" if word in after else f"{word} is no longer passed on"
        if word in _parameters(after, shells) and word not in _parameters(before, shells):
            return f"{word} no longer reaches the program: a shell takes it as $0 or another parameter"
        if word in _parameters(before, shells) and word not in _parameters(after, shells):
            return f"{word} reaches the program now: before, a shell took it as $0 or another parameter"
    return ""


def _of_program(before: Words, after: Words, change: UseChange) -> str:
    """What becomes of the program."""
    shells = _shells(change)
    here, there = (_has_shell(argv, shells) for argv in (before, after))
    if there and not here and (lost := _parameters(after, shells)):
        words = " ".join(map(notation.quoted, lost))
        return (
            f"A shell runs the command now, and has {words} as its parameters: the program does not get them"
        )
    if there and not here:
        return "A shell runs the command now: it replaces variables, and may stay process 1"
    if here and not there:
        return "No shell runs the command now: variables are not replaced, and the program gets signals"
    one, other = _program(before, change), _program(after, change)
    if one == other:
        return "The same program runs with other arguments"
    return f"{other} runs instead of {one}"


def _has_shell(argv: Words, symbols: set[str]) -> bool:
    """Whether a shell runs a command, also behind an ENTRYPOINT."""
    return any(argv[at] in symbols or shell_command(argv[at:]) is not None for at in range(len(argv)))


def _program(argv: Words, change: UseChange) -> str:
    """The program in words."""
    for name in change.unknown:
        if argv[0] in (entrypoint_of(name), cmd_of(name)):
            return f"what {name} starts"
        if argv[0] == shell_of(name):
            return f"the shell of {name}"
    return notation.quoted(argv[0])


def _shells(change: UseChange) -> set[str]:
    """The symbols of unknown shells."""
    return {shell_of(name) for name in change.unknown}


def _parameters(argv: Words, shells: set[str]) -> Words:
    """The words that a shell takes as $0, $1 ...; an unknown one is taken to be `/bin/sh -c`, as most are."""
    if argv[0] in shells:
        return argv[2:]
    shell = shell_command(argv)
    return () if shell is None else tuple(shell.parameters)
