"""Build a Dockerfile on an engine that has neither its base images nor its files.

Each base is replaced by a placeholder: an image with the base's config and the probe's files, which FROM and
ARG name in place of the base. Instructions about files are left out: ADD, COPY, RUN, VOLUME and WORKDIR. An
ADD or COPY of a here-document remains, and for BuildKit a RUN of one; so do lines that cannot be read. A
`# syntax=` line is left out of the prediction and of the build: the engine's own front end reads the
Dockerfile.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from cmdpoint.engines.driver.build import renamed, with_tags
from cmdpoint.engines.driver.live_target import LiveTarget
from cmdpoint.oracle.case import Case, Image, ImageConfig
from cmdpoint.oracle.comparison import agree
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.commands import Reader
from cmdpoint.oracle.dockerfile.reference import is_reference
from cmdpoint.oracle.explain.notation import config_lists
from cmdpoint.oracle.outcome import Outcome, Prediction, Refusal
from cmdpoint.oracle.predict import predict
from cmdpoint.oracle.trace import Scope
from cmdpoint.upgrade.compare import IMAGE, Build


@dataclass(frozen=True, slots=True)
class EngineResult:
    """The result of one target stage of a Dockerfile on an engine.

    Attributes:
        predicted: The prediction.
        config: The image's config, or the refusal of the build.
        outcome: The planned outcome of a container of the image.
        omission: Why it cannot be compared, because instructions about files were left out; empty if it can.
    """

    predicted: Prediction
    config: ImageConfig | Refusal
    outcome: Outcome
    omission: str = ""

    @property
    def agrees(self) -> bool | None:
        """Whether it is as predicted; None if that is not compared, or the build failed outside the rules."""
        if self.omission or (isinstance(self.config, Refusal) and self.config.kind == "unclassified"):
            return None
        config = self.predicted.config
        return agree(self.predicted.outcome if config is None else config, self.config) and agree(
            self.predicted.planned, self.outcome
        )


class PlaceholderBuilder:
    """A builder of a live engine that builds Dockerfiles on placeholders."""

    def __init__(self, live: LiveTarget) -> None:
        """Connect to a builder."""
        engine = live.engine
        self.live = live
        self.dialect = Dialect.of(engine.product, engine.version, live.builder, store=engine.store)
        self._names: dict[str, str] = {}
        self._tagged: set[str] = set()

    def observe(
        self, text: str, target: str | None, build: Build, bases: Mapping[str, ImageConfig]
    ) -> EngineResult:
        """Build a Dockerfile, and create a container of it.

        Args:
            text: The Dockerfile.
            target: The target stage, or None for the last.
            build: The other build options.
            bases: The images that it may build on.

        Raises:
            Fault: The engine died, or its disk is full.
        """
        if self.dialect.builder == "buildkit":
            # An engine without a network cannot fetch a front end: its own is predicted and compared.
            text = without_front_end(text)
        needed = _Needed(bases)
        prediction = predict(Case((Image(IMAGE, text, target, build.arguments),)), self.dialect, needed)
        if isinstance(prediction.outcome, Refusal) and prediction.outcome.phase == "build":
            # BuildKit resolves all bases at once, including those that the prediction did not reach.
            for name in named_bases(text, self.dialect):
                needed.get(name)
        words = self._create_placeholders(needed.found)
        arguments = tuple((name, renamed(_undigested(value), words)) for name, value in build.arguments)
        target = None if target is None else words.get(target, target)
        image = Image(IMAGE, self._buildable_text(text, prediction, words), target, arguments)
        omission = omitted(text, prediction.outcome, self.dialect, needed.found)
        config, outcome = self.live.config((image,)), self.live.planned(Case((image,)))
        return EngineResult(prediction, config, outcome, omission)

    def _buildable_text(self, text: str, prediction: Prediction, words: Mapping[str, str]) -> str:
        refused = prediction.outcome if isinstance(prediction.outcome, Refusal) else None
        if refused is None or refused.phase != "parse":
            text = without_files(text, self.dialect)
        return with_tags(_NAMING.sub(lambda line: _undigested(line[0]), text), words)

    def _create_placeholders(self, bases: Mapping[str, ImageConfig]) -> Mapping[str, str]:
        """Create the placeholders of the bases.

        Returns:
            The replacement for the last word of each image's name.
        """
        tags = {
            name: self.live.tag((Image("placeholder", placeholder(config)),))
            for name, config in bases.items()
        }
        words = {}
        for name, tag in tags.items():
            word = _undigested(name).rpartition("/")[2].partition(":")[0]
            words[word] = self._names.setdefault(word, f"{tag}-as")
        for name, tag in tags.items():
            new_name = renamed(_undigested(name), words)
            if new_name not in self._tagged:
                folder, slash, last = new_name.rpartition("/")
                last, _, version = last.partition(":")
                repository = f"{folder}{slash}{last}"
                self.live.engine.post(f"/images/{tag}/tag", repo=repository, tag=version or "latest")
                self._tagged.add(new_name)
        return words


class _Needed(Mapping[str, ImageConfig]):
    """A mapping of bases that records which of them were read."""

    def __init__(self, bases: Mapping[str, ImageConfig]) -> None:
        self._bases = bases
        self.found: dict[str, ImageConfig] = {}

    def __getitem__(self, name: str) -> ImageConfig:
        config = self._bases[name]
        self.found[name] = config
        return config

    def __iter__(self) -> Iterator[str]:
        return iter(self._bases)

    def __len__(self) -> int:
        return len(self._bases)


_NAMING: Final = re.compile(r"(?im)^\s*(?:FROM|ARG)\b.*$")


def _undigested(text: str) -> str:
    """A text without digests, which the names of placeholders do not have."""
    return re.sub(r"@sha256:[0-9a-fA-F]{64}", "", text)


_FILES: Final = frozenset({"ADD", "COPY", "RUN", "VOLUME", "WORKDIR"})


def placeholder(config: ImageConfig) -> str:
    """The Dockerfile of a placeholder with a config, except triggers that need files."""
    lists = config_lists(config)
    lines = ["FROM probe"]
    lines += [
        f"{key.upper()} {json.dumps(lists[key])}" for key in ("Shell", "Entrypoint", "Cmd") if lists[key]
    ]
    lines += [f"ONBUILD {each}" for each in config.on_build if not _needs_files(each)]
    return "".join(f"{line}\n" for line in lines)


def named_bases(text: str, dialect: Dialect) -> Iterator[str]:
    """The names in the FROMs of a Dockerfile without variables; some may be names of stages."""
    commands = Reader(dialect, Scope.after()).commands(text)
    for command in () if isinstance(commands, Refusal) else commands:
        if command.instruction.keyword == "FROM":
            yield from (name for name in command.instruction.words[:1] if is_reference(name))


def omitted(text: str, outcome: Outcome, dialect: Dialect, bases: Mapping[str, ImageConfig]) -> str:
    """Why a build without the instructions about files cannot show a predicted outcome; empty if it can.

    Args:
        text: The Dockerfile.
        outcome: The predicted outcome.
        dialect: The dialect that predicts it.
        bases: The base images that are replaced.
    """
    if not isinstance(outcome, Refusal) or outcome.phase != "build" or outcome.line is None:
        return ""
    at = outcome.line - 1
    if text.split("\n")[at : at + 1] != without_files(text, dialect).split("\n")[at : at + 1]:
        return f"line {outcome.line}, which is predicted to be refused, was left out"
    if re.match(r"\s*FROM\b", text.split("\n")[at], re.IGNORECASE) and any(
        _needs_files(trigger) for config in bases.values() for trigger in config.on_build
    ):
        return f"a trigger that line {outcome.line} runs, and that is predicted to be refused, was left out"
    return ""


def _needs_files(trigger: str) -> bool:
    return trigger.split(maxsplit=1)[0].upper() in _FILES


def without_files(text: str, dialect: Dialect) -> str:
    """Replace the instructions of a Dockerfile about files, except here-documents, with blank lines.

    Args:
        text: The Dockerfile, which the dialect can read.
        dialect: The dialect that reads the Dockerfile.
    """
    commands = Reader(dialect, Scope.after()).commands(text)
    if isinstance(commands, Refusal):
        return text
    lines = text.split("\n")
    starts = [command.instruction.line for command in commands]
    for command, end in zip(commands, [*starts[1:], len(lines) + 1], strict=True):
        read = command.instruction
        has_document = "<<" in read.text and dialect.heredocs == "data"
        remains = has_document and (dialect.builder == "buildkit" or read.keyword in ("ADD", "COPY"))
        if read.keyword in _FILES and not remains:
            lines[read.line - 1 : end - 1] = [""] * (end - read.line)
        elif remains and read.keyword == "RUN":
            # A private engine has no network.
            lines[read.line - 1] = re.sub(r"^(\s*\S+)", r"\1 --network=none", lines[read.line - 1])
    return "\n".join(lines)


def without_front_end(text: str) -> str:
    """Remove a `# syntax=` line at the top of a Dockerfile, without moving its instructions."""
    lines = text.split("\n")
    top = next(
        (at for at, line in enumerate(lines) if not re.match(r"\s*#\s*[a-zA-Z]+\s*=", line)), len(lines)
    )
    others = [line for line in lines[:top] if not re.match(r"\s*#\s*syntax\s*=", line, re.IGNORECASE)]
    return "\n".join([*others, *[""] * (top - len(others)), *lines[top:]])
