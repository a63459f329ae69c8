"""Save a divergence in two files: the report, and the script that reproduces it."""

import shlex
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

from cmdpoint.oracle.case import Case, ImageConfig
from cmdpoint.oracle.comparison import Level
from cmdpoint.oracle.outcome import Codes, Outcome
from cmdpoint.report.divergence import summary
from cmdpoint.report.reproduction import reproduction_script

FOLDER: Final = Path(".cmdpoint/divergences")
"""Where a run saves divergences, below the folder in which it was started."""


@dataclass(frozen=True, slots=True)
class SavedDivergence:
    """The files of a divergence.

    Attributes:
        report: The report, as plain text.
        script: The script; see `reproduction_script`.
    """

    report: Path
    script: Path

    def command(self, engine: str) -> str:
        """The command that runs the script on an engine, with the engine's own client.

        Args:
            engine: The engine for `cmdpoint engines run`: `docker-28.5.2`, `host`, an address.
        """
        words = ["python3", "-m", "cmdpoint", "engines", "run", engine, "--", "sh", str(self.script)]
        return shlex.join(words)


def save(
    case: Case,
    target: str,
    level: Level,
    report: str,
    predicted: Outcome | ImageConfig,
    observed: Outcome | ImageConfig,
) -> SavedDivergence:
    """Write both files into `FOLDER`, which is created. The same divergence has the same names again.

    Args:
        case: The case.
        target: The name of the target.
        level: The level of the comparison.
        report: The report; see `divergence.render`.
        predicted: What the oracle predicts at this level.
        observed: What the target did.

    Raises:
        OSError: A file cannot be written.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    digest = blake2b(_bytes(repr((case, level))), digest_size=4).hexdigest()
    name = f"{target.replace('/', '-')}-{digest}"
    saved = SavedDivergence(FOLDER / f"{name}.txt", FOLDER / f"{name}.sh")
    saved.report.write_bytes(_bytes(report))
    script = reproduction_script(
        case,
        target,
        level,
        comments=summary(target, predicted, observed),
        shows_statuses=_statuses_differ(predicted, observed),
    )
    saved.script.write_bytes(_bytes(script))
    return saved


def _statuses_differ(predicted: Outcome | ImageConfig, observed: Outcome | ImageConfig) -> bool:
    """Whether a status of the API differs, which no client shows."""
    if isinstance(predicted, ImageConfig) or isinstance(observed, ImageConfig):
        return False
    left, right = (Codes(each.codes.create, each.codes.start) for each in (predicted, observed))
    return not left.agree(right)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
