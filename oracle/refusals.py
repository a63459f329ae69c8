"""The phases in which a case can be refused, and the kinds of refusals."""

from typing import Literal

Phase = Literal["parse", "build", "client", "create", "start"]
"""The phase that ends in a refusal: reading the Dockerfile, building the image, reading the command line,
creating the container, or starting it.
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
    "empty-image",
    "bad-option",
    "missing-image",
    "help-asked",
    "bad-request",
    "bad-variable",
    "relative-working-dir",
    "no-command",
    "not-found",
    "not-executable",
    "bad-format",
    "no-interpreter",
    "relative-program",
    "bad-word",
    "bad-change",
    "no-working-dir",
    "bad-user",
    "bad-argument",
    "bad-trigger",
    "no-answer",
    "unclassified",
]
"""What is refused, whatever the engine's message; `unclassified` is observed, never predicted."""
