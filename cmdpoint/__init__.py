r"""What process a Docker container runs, predicted from the Dockerfile and the `docker run` arguments.

Four functions need no daemon and no dependencies:

- `predict` returns the process that starts, the refusal, or `Unknown` with the base images to give.
- `explain` returns the text of `cmdpoint explain`.
- `compare` compares two dialects over a Dockerfile, `compare_files` over a tree.

    >>> import cmdpoint
    >>> cmdpoint.predict('FROM scratch\nENTRYPOINT ["nginx"]\nCMD ["-t"]').outcome
    Process(argv=('nginx', '-t'))

Everything in `__all__` is the public API, and stable:

- API: a release that removes or renames a function, an argument or an attribute, or that changes the type of
  one, raises the first number of the version (before 1.0 the second). New ones may be added at any time; pass
  the arguments after the Dockerfile and the dialects by name. All other modules are private.
- Predictions follow the engines: one that an engine refutes is a bug, fixed in any release.
- Rule ids, such as `FORM-2`, are never reused. A rule that is dropped leaves its id unused.
- JSON: each output names its `schema`, a number that is raised when a key is removed, renamed or changes its
  meaning. Ignore keys that you do not know.
- Exit codes never change their meaning; see `cmdpoint.exit_codes`.
- Texts for people, such as those of `explain` and of errors, may change in any release.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cmdpoint.api.comparison import Comparison, compare, compare_files
    from cmdpoint.api.prediction import BaseConfig, explain, predict
    from cmdpoint.bases.faults import BadBase
    from cmdpoint.bases.result import Result
    from cmdpoint.bases.unknown import Key, Unknown, UnknownBase
    from cmdpoint.engines.faults import Fault
    from cmdpoint.oracle.case import (
        ABSENT,
        Absent,
        Case,
        CommandLine,
        Commit,
        Image,
        ImageConfig,
        Import,
        Load,
        PyCall,
        Request,
        Tag,
        Words,
    )
    from cmdpoint.oracle.dialect.dialect import Dialect
    from cmdpoint.oracle.dialect.unknown import UnknownDialect
    from cmdpoint.oracle.explain.causes import Cause
    from cmdpoint.oracle.outcome import Codes, Outcome, Prediction, Process, Refusal, Step
    from cmdpoint.upgrade.verdict import Verdict

__all__ = [
    "ABSENT",
    "Absent",
    "BadBase",
    "BaseConfig",
    "Case",
    "Cause",
    "Codes",
    "CommandLine",
    "Commit",
    "Comparison",
    "Dialect",
    "Fault",
    "Image",
    "ImageConfig",
    "Import",
    "Key",
    "Load",
    "Outcome",
    "Prediction",
    "Process",
    "PyCall",
    "Refusal",
    "Request",
    "Result",
    "Step",
    "Tag",
    "Unknown",
    "UnknownBase",
    "UnknownDialect",
    "Verdict",
    "Words",
    "compare",
    "compare_files",
    "explain",
    "predict",
]

if not TYPE_CHECKING:
    # Loaded at first use, so that a command or `import cmdpoint` loads only what it needs. Hidden from type
    # checkers, which would otherwise accept every attribute.
    _MODULES = {
        "cmdpoint.api.comparison": ("Comparison", "compare", "compare_files"),
        "cmdpoint.api.prediction": ("BaseConfig", "explain", "predict"),
        "cmdpoint.upgrade.verdict": ("Verdict",),
        "cmdpoint.bases.result": ("Result",),
        "cmdpoint.bases.unknown": ("Key", "Unknown", "UnknownBase"),
        "cmdpoint.bases.faults": ("BadBase",),
        "cmdpoint.engines.faults": ("Fault",),
        "cmdpoint.oracle.dialect.dialect": ("Dialect",),
        "cmdpoint.oracle.dialect.unknown": ("UnknownDialect",),
        "cmdpoint.oracle.explain.causes": ("Cause",),
        "cmdpoint.oracle.outcome": ("Codes", "Outcome", "Prediction", "Process", "Refusal", "Step"),
    }
    _HOMES = {name: module for module, names in _MODULES.items() for name in names}

    def __getattr__(name):
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_HOMES.get(name, "cmdpoint.oracle.case")), name)

    def __dir__():
        return sorted({*globals(), *__all__})
