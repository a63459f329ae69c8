"""`cmdpoint predict`: from JSON Lines with cases to JSON Lines with predictions."""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Literal

from cmdpoint.bases.result import Result, common_rules, result, unknown_names
from cmdpoint.cli import predict_record
from cmdpoint.oracle import Dialect, predict


class Answers:
    """The answers to lines, one for each line that is not blank.

    Attributes:
        malformed: How many lines so far were malformed.
    """

    def __init__(self, lines: Iterable[bytes], dialect: Dialect) -> None:
        """Prepare to answer.

        Args:
            lines: The lines of the input, each a JSON object.
            dialect: The dialect of the predictions.
        """
        self._lines = lines
        self._dialect = dialect
        self.malformed = 0

    def __iter__(self) -> Iterator[str]:
        for number, line in enumerate(self._lines, start=1):
            if not line.strip():
                continue
            try:
                record = predict_record.read(_text(line))
            except predict_record.Malformed as malformed:
                self.malformed += 1
                yield predict_record.error(malformed, number)
                continue
            yield _answer(record, self._dialect)


def _answer(record: predict_record.Record, dialect: Dialect) -> str:
    case, bases = record.case, record.bases or {}
    names = unknown_names(case, (dialect,), bases)
    if record.bases is None and not names:
        # The only base is the probe, whose files are known.
        prediction = predict(case, dialect)
        found = Result(
            dialect=dialect,
            config=prediction.config,
            outcome=prediction.outcome,
            needs=(),
            prediction=prediction,
        )
    else:
        found = result(case, dialect, bases)
    return predict_record.answer(record, found, common_rules(found, case, bases))


def schema(side: Literal["input", "output"]) -> str:
    """The JSON Schema of a line of the input or the output."""
    return files("cmdpoint").joinpath(f"schema/predict-{side}.schema.json").read_text("utf-8")


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise predict_record.Malformed(f"the line is not UTF-8: byte {error.start + 1} is invalid") from error
