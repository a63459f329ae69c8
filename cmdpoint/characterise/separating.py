"""Cases for behaviours whose values the examples of the specification do not distinguish."""

from collections.abc import Iterator
from typing import Final

from cmdpoint.characterise.experiment import Experiment
from cmdpoint.oracle.case import Case, Image, Load, Request
from cmdpoint.oracle.comparison import LEVELS
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.known import known_dialects
from cmdpoint.spec.instructions import with_flag

_NO_IMAGE: Final = "localhost:1/none"

_IMAGES: Final = (
    ("flag_escape", Image("app", "# escape=`\nFROM probe\nHEALTHCHECK --\\interval=1s CMD a\nCMD a\n")),
    ("predefined_arguments", Image("app", "FROM ${TARGETOSVERSION-probe}\nCMD a\n")),
    ("given_arguments", Image("app", "FROM $HTTP_PROXY\nCMD a\n", None, (("HTTP_PROXY", "probe"),))),
    ("argument_without_value", Image("app", "ARG X\nFROM ${X-probe}\nCMD a\n")),
    ("chmod_values", Image("app", "FROM probe\nCOPY --chmod=755 --from=probe /probe /a\nCMD a\n")),
    ("chmod_values", Image("app", "FROM probe\nCOPY --chmod=77777 --from=probe /probe /a\nCMD a\n")),
    # The blank in front keeps BuildKit from loading a front end.
    ("directives", Image("app", " # syntax=a\n# escape=`\nFROM probe\nCMD a`\n b\n")),
    # No registry has this front end: the build is refused if the line counts, with a network or without.
    ("syntax_line", Image("app", f"# syntax={_NO_IMAGE}\nFROM probe\nCMD a\n")),
    ("syntax_line", Image("app", f"// syntax={_NO_IMAGE}\nFROM probe\nCMD a\n")),
    ("syntax_line", Image("app", f"\ufeff# syntax={_NO_IMAGE}\nFROM probe\nCMD a\n")),
    # A file in place of a folder of PATH: "/probe/." is cleaned to "/probe", which is a program.
    ("dot_names", Image("app", 'FROM probe\nENV PATH=/probe\nCMD ["."]\n')),
    ("empty_path_element", Image("app", 'FROM probe\nENV PATH=\nCMD ["app"]\n')),
)
"""Images that distinguish values of a behaviour, with the behaviour."""

_LOADED: Final = (
    ("container_working_dir", '{"WorkingDir": "/plain/..", "Cmd": ["/a"]}'),
    ("working_dir_entry", '{"WorkingDir": "/nowhere/..", "Cmd": ["./a"]}'),
    ("working_dir_entry", '{"WorkingDir": "/plain/..", "Cmd": ["./a"]}'),
    ("working_dir_entry", '{"WorkingDir": "/dangling/..", "Cmd": ["/a"]}'),
)
"""Configs of loaded images: no builder cleans their working directories."""


def separating() -> Iterator[Experiment]:
    """The cases for these behaviours, and one for each flag that an instruction has anywhere."""
    for behaviour, image in _IMAGES:
        yield Experiment(Case((image,)), LEVELS, behaviours()[behaviour].rules[0], behaviour)
    for behaviour, config in _LOADED:
        yield Experiment(Case((Load("app", config),)), LEVELS, behaviours()[behaviour].rules[0], behaviour)
    nowhere = Case((Image("app", 'FROM probe\nCMD ["a"]\n'),), Request(working_dir="/nowhere"))
    rule = behaviours()["missing_working_dir"].rules[0]
    yield Experiment(nowhere, LEVELS, rule, "missing_working_dir")
    rule = behaviours()["flags"].rules[0]
    uses = {with_flag(flag): flag for dialect in known_dialects() for flag in dialect.flags}
    for use, flag in uses.items():
        yield Experiment(Case((_behind_target(use),)), ("config",), rule, f"{rule}, the flag {flag}")


def _behind_target(use: str) -> Image:
    """A Dockerfile with the use of a flag behind the stage that is built: the flag is only read."""
    last = "" if use.startswith("FROM") else "FROM probe\n"
    return Image("app", f"FROM probe AS first\nCMD a\n{last}{use}\n", "first")
