"""The merge table: where a container's Entrypoint and Cmd come from, and by which rule.

Sources. moby/moby, `daemon/commit.go:merge`: if the request's Entrypoint is *empty*, an empty Cmd is filled
from the image; if it is *null*, it is filled from the image itself. The empty list falls between the two
(MERGE-5). `daemon/create.go:mergeAndVerifyConfig`: afterwards an Entrypoint of exactly one empty word counts
as none (MERGE-4, MERGE-7), and a container without any word is refused (MERGE-8). containers/podman,
`pkg/specgen/generate/oci.go:makeCommand`, is the same table.

Chapter 7 of the specification (MERGE-9) shows what each row runs, by what the image has; a test compares
the two.
"""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from cmdpoint.oracle.case import Absent, Words

Given = Literal["null", "[]", '[""]', "words"]
"""What a request has under a key; a key that is absent counts as null. In Cmd, `[""]` counts as words."""

From = Literal["image", "request", "nothing"]


class Row(NamedTuple):
    """A row of the table.

    Attributes:
        entrypoint: Where the Entrypoint comes from.
        cmd: Where the Cmd comes from.
        entrypoint_rule: The rule that decides about the Entrypoint.
        cmd_rules: The rules that decide about the Cmd.
    """

    entrypoint: From
    cmd: From
    entrypoint_rule: str
    cmd_rules: Words


# fmt: off
MERGE_TABLE: Final[Mapping[tuple[Given, Given], Row]] = {
    # request's           # comes from              # by
    # Entrypoint  Cmd     Entrypoint  Cmd           Entrypoint  Cmd
    ("null",  "null"):  Row("image",   "image",    "MERGE-1", ("MERGE-1",)),
    ("null",  "[]"):    Row("image",   "image",    "MERGE-1", ("MERGE-6", "MERGE-1")),
    ("null",  "words"): Row("image",   "request",  "MERGE-1", ("MERGE-2",)),
    ("[]",    "null"):  Row("nothing", "image",    "MERGE-5", ("MERGE-1",)),
    ("[]",    "[]"):    Row("nothing", "image",    "MERGE-5", ("MERGE-6", "MERGE-1")),
    ("[]",    "words"): Row("nothing", "request",  "MERGE-5", ("MERGE-2",)),
    ('[""]',  "null"):  Row("request", "nothing",  "MERGE-4", ("MERGE-4",)),
    ('[""]',  "[]"):    Row("request", "nothing",  "MERGE-4", ("MERGE-4",)),
    ('[""]',  "words"): Row("request", "request",  "MERGE-4", ("MERGE-4",)),
    ("words", "null"):  Row("request", "nothing",  "MERGE-3", ("MERGE-3",)),
    ("words", "[]"):    Row("request", "nothing",  "MERGE-3", ("MERGE-3",)),
    ("words", "words"): Row("request", "request",  "MERGE-3", ("MERGE-3",)),
}
# fmt: on


def row_of(entrypoint: Words | Absent | None, cmd: Words | Absent | None) -> Row:
    """Return the row of a request's Entrypoint and Cmd."""
    given_cmd = _given(cmd)
    return MERGE_TABLE[_given(entrypoint), "words" if given_cmd == '[""]' else given_cmd]


def _given(words: Words | Absent | None) -> Given:
    if not isinstance(words, tuple):
        return "null"
    if words == ("",):
        return '[""]'
    return "words" if words else "[]"
