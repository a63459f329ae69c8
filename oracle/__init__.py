"""The oracle: what process a container runs, computed from Dockerfile text and run arguments alone.

Standard library only, no I/O, no state: `predict(case, dialect)` is a function, and its result says which
rule of the spec did what.
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
