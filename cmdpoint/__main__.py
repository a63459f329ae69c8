"""The command `cmdpoint`: reads the command line, runs the command, and reports faults."""

import sys
from collections.abc import Sequence

INTERRUPTED = 130
"""`ExitCode.INTERRUPTED`, which may not be imported yet when Ctrl-C is pressed."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: The words after `cmdpoint`; those of this process by default.

    Returns:
        The exit code; see `cmdpoint.exit_codes`.

    Raises:
        SystemExit: With status 2, the command line is wrong; with 0, it requested help or the version.
    """
    try:
        # Not at the top: Ctrl-C while the command is imported must end it quietly too.
        from cmdpoint.dispatch import run  # noqa: PLC0415

        return run(list(sys.argv[1:] if argv is None else argv))
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
