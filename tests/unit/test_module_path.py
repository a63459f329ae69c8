"""How many modules a reader passes between a Dockerfile and its argv."""

import subprocess
import sys
from typing import Final

LIMIT: Final = 14

VALUES: Final = frozenset(
    {
        *("build.stage_files", "case", "container.launch", "dialect.dialect", "dialect.reads"),
        *("dialect.recording", "files", "memory", "outcome", "trace"),
    }
)
"""The modules that decide nothing for a CMD: values that are passed on, and what remembers results."""

PROGRAM: Final = """
import sys
from cmdpoint.oracle import Case, Dialect, Image, predict
dialect = Dialect.newest()
case = Case((Image("app", "FROM probe\\nCMD echo hi\\n"),))
modules = {}
sys.setprofile(lambda frame, *_: modules.setdefault(frame.f_globals.get("__name__", "")))
prediction = predict(case, dialect)
sys.setprofile(None)
assert prediction.outcome.argv == ("/bin/sh", "-c", "echo hi"), prediction
print(*(name for name in modules if name.startswith("cmdpoint.oracle.")))
"""


def test_a_cmd_passes_few_modules() -> None:
    """Of the modules in which a function runs, at most fourteen decide anything."""
    run = subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True)
    modules = {name.removeprefix("cmdpoint.oracle.") for name in run.stdout.split()}
    assert {"predict", "build.docker", "container.start"} <= modules
    assert len(modules - VALUES) <= LIMIT, sorted(modules - VALUES)
