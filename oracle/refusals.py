"""At which stage a case can be refused, and what a refusal is about."""

from typing import Literal

Phase = Literal["parse", "build", "client", "create", "start"]
"""Where a refusal happens: reading the Dockerfile, building from it, reading the command line, creating the
container, starting it.
"""

Kind = Literal[
    "empty-dockerfile",
    "no-instructions",
    "no-stages",
    "no-current-stage",
    "unknown-instruction",
    "unknown-flag",
    "not-all-strings",
    "shell-not-exec-form",
    "missing-argument",
    "argument-count",
    "bad-stage-name",
    "bad-syntax",
    "bad-directive",
    "line-too-long",
    "unterminated-heredoc",
    "forbidden-trigger",
    "blank-base-name",
    "invalid-reference",
    "no-such-image",
    "forbidden-change",
    "bad-config",
    "no-such-target",
    "duplicate-stage-name",
    "bad-option",
    "missing-image",
    "help-asked",
    "no-command",
    "not-found",
    "not-executable",
    "bad-format",
    "no-interpreter",
    "relative-program",
    "bad-word",
    "bad-change",
    "no-working-dir",
    "bad-argument",
    "bad-trigger",
    "no-answer",
    "unclassified",
]
"""What a refusal is about, whatever words an engine puts it in; `unclassified` is never predicted."""
