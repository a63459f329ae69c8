"""The oracle: what process a container runs, computed from Dockerfile text and run arguments alone.

It needs the standard library only, does no I/O and has no state. `predict(case, dialect)` is a function; the
steps of its result say which rule of the spec did what.

Read `predict` first. Then follow the data: `dockerfile` (text to commands), `build` (commands to an image
config), `images` (images that no Dockerfile made), `clients` (a command line or a call to a create request),
`container` (config and request to the argv of process 1). `dialect` holds what differs between engines;
`explain` and `interchange` present a prediction to people and to programs.
"""

from cmdpoint.oracle.case import ABSENT, Absent, Case, CommandLine, Image, ImageConfig, Request, Words
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.unknown import UnknownDialect
from cmdpoint.oracle.outcome import Outcome, Prediction, Process, Refusal, Step
from cmdpoint.oracle.predict import predict

__all__ = [
    "ABSENT",
    "Absent",
    "Case",
    "CommandLine",
    "Dialect",
    "Image",
    "ImageConfig",
    "Outcome",
    "Prediction",
    "Process",
    "Refusal",
    "Request",
    "Step",
    "UnknownDialect",
    "Words",
    "predict",
]
