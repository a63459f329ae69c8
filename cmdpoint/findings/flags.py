"""Findings about a command that begins with `--`: its first words are read as flags, not as arguments."""

from collections.abc import Iterator

from cmdpoint.findings.finding import Finding, Source
from cmdpoint.findings.shells import as_exec
from cmdpoint.oracle.outcome import Outcome, Refusal


def words_read_as_flags(source: Source, effective: dict[str, int], outcome: Outcome) -> Iterator[Finding]:
    """Yield a finding for each CMD and ENTRYPOINT that begins with flags and decides what runs.

    Docker refuses the flags, and Podman drops them without a warning (LEX-27).

    Args:
        source: The Dockerfile.
        effective: The lines of the ENTRYPOINT and the CMD that are part of what runs, by field.
        outcome: What is predicted.
    """
    verb, lines = "dropped", list(effective.values())
    if isinstance(outcome, Refusal):
        verb, lines = "refused", [outcome.line or 0] if outcome.kind == "unknown-flag" else []
    for line in lines:
        command = source.commands.get(line)
        if command is None or command.instruction.keyword not in ("CMD", "ENTRYPOINT"):
            continue
        keyword, flags = command.instruction.keyword, command.instruction.flags
        if not flags:
            continue
        fix = as_exec(keyword, command.instruction.original.strip()[len(keyword) :].strip())
        yield Finding(
            weight=0,
            rule="LEX-27",
            message=f"{' '.join(flags)!r} is {verb}: words in front that begin with -- are flags, "
            f"and {keyword} has none",
            line=line,
            column=source.column(line),
            fix=fix,
            advice="use exec form, in which no word is a flag",
        )
