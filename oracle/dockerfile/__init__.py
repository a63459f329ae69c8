"""From Dockerfile text to commands.

Read `lines` first, then `commands`, `form` (exec form or shell form) and `checks`. The other modules read one
construct each: directives, flags, JSON arrays, here-documents, assignments, image references.
"""
