"""One builder of one live engine, as a function from case to outcome, like the oracle."""

from collections import OrderedDict
from dataclasses import replace
from itertools import count
from types import TracebackType
from typing import Final, Self

from cmdpoint.engines.driver.build import image_config, post_build, renamed
from cmdpoint.engines.driver.client import NO_CLIENT, Client
from cmdpoint.engines.driver.containers import Containers
from cmdpoint.engines.driver.engine import Engine
from cmdpoint.engines.driver.image_creator import ImageCreator
from cmdpoint.engines.driver.labels import Owner, clear
from cmdpoint.engines.driver.local_client import INSIDE, local_podman, run_folder
from cmdpoint.engines.faults import EngineDied
from cmdpoint.engines.probe import context
from cmdpoint.oracle.case import Case, Chain, CommandLine, ContainerRequest, ImageConfig, Words
from cmdpoint.oracle.clients.docker_run import IMAGE
from cmdpoint.oracle.images import probe
from cmdpoint.oracle.outcome import Outcome, Process, Refusal

CACHED_CHAINS: Final = 24
"""How many chains of images stay in the engine, which is slow with thousands of images."""


class LiveTarget:
    """A builder of an engine. Images and outcomes are cached, so that shrinking a case is fast.

    Attributes:
        engine: The engine.
        builder: One of the engine's `builders`.
        client: The engine's `docker` command.
        local_client: Podman's client that creates containers itself; only a private Podman has it.
        runtime: The runtime that starts the containers, such as `runc-1.1.5`.
    """

    def __init__(self, engine: Engine, builder: str, owner: Owner, client: Client, runtime: str = "") -> None:
        """Prepare the base image.

        Args:
            engine: The engine, connected.
            builder: One of the engine's `builders`.
            owner: The owner of everything that is created.
            client: The engine's `docker` command.
            runtime: Another runtime than the engine's default, with its version, such as `crun-1.21`.

        Raises:
            Fault: The engine died, its disk is full, or it cannot build the base image.
        """
        self.engine = engine
        self.builder = builder
        self._owner = owner
        self.client = replace(client, exclusive=engine.exclusive)
        self.local_client = _local_client(engine)
        self.runtime = runtime or engine.runtime
        self._suffix = f"/{runtime.partition('-')[0]}" if runtime else ""
        self._containers = Containers(engine, owner.labels, self.client, runtime.partition("-")[0])
        self._image_creator = ImageCreator(engine, builder, self._containers)
        self._numbers = count()
        self._tags: OrderedDict[Chain, str | Refusal] = OrderedDict()
        self._planned: dict[tuple[Chain, ContainerRequest], Outcome] = {}
        self._observed: dict[tuple[Chain, ContainerRequest], Outcome] = {}
        self._probe = self._new_tag()
        # The names in the cases of the tags in the engine, which `with_tags` may put into a word.
        self._names = {self._probe: probe.NAME}
        self._build_probe()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove everything of the owner from the engine."""
        self.forget()
        clear(self.engine, self._owner)

    def __str__(self) -> str:
        return f"{self.engine.name}/{self.builder}{self._suffix}"

    def config(self, images: Chain) -> ImageConfig | Refusal:
        """The config of the last image of a chain, or the refusal of the first that does not build."""
        tag = self._build(images)
        if isinstance(tag, Refusal):
            return tag
        return image_config(self.engine, tag, self._names)

    def tag(self, images: Chain) -> str:
        """The tag in the engine of the last image of a chain that can be built."""
        tag = self._build(images)
        assert isinstance(tag, str), tag
        return tag

    def planned(self, case: Case) -> Outcome:
        """The `Path` and `Args` of the container that create leaves for a case; it is not started."""
        key = (case.images, case.request)
        if key not in self._planned:
            tag = self._build(case.images)
            self._planned[key] = tag if isinstance(tag, Refusal) else self._plan(tag, case.request)
        return self._planned[key]

    def observed(self, case: Case) -> Outcome:
        """The argv that really runs for a case: the container is started, and the probe prints its argv."""
        key = (case.images, case.request)
        if key not in self._observed:
            tag = self._build(case.images)
            seen = (tag, tag) if isinstance(tag, Refusal) else self._run(tag, case.request)
            self._planned[key], self._observed[key] = seen
        return self._observed[key]

    def forget(self) -> None:
        """Clear the cache, so that the next case is built again."""
        self._planned.clear()
        self._observed.clear()
        while self._tags:
            self._drop_oldest()

    def _plan(self, tag: str, request: ContainerRequest) -> Outcome:
        if not isinstance(request, CommandLine):
            return self._with_names(self._containers.planned(tag, request))
        planned = self._containers_of(request).planned_by_client(self._with_tag(request, tag))
        return self._with_names(planned, tag)

    def _run(self, tag: str, request: ContainerRequest) -> tuple[Outcome, Outcome]:
        if not isinstance(request, CommandLine):
            planned, observed = self._containers.observed(tag, request)
            return self._with_names(planned), self._with_names(observed)
        planned, observed = self._containers_of(request).observed_by_client(self._with_tag(request, tag))
        return self._with_names(planned, tag), self._with_names(observed, tag)

    def _containers_of(self, line: CommandLine) -> Containers:
        """The containers that the client of a command line creates."""
        if not line.local or self.engine.product != "podman":
            return self._containers
        return replace(self._containers, client=self.local_client or NO_CLIENT)

    def _with_tag(self, line: CommandLine, tag: str) -> Words:
        return tuple(tag if word == IMAGE else word for word in line.words)

    def _with_names(self, outcome: Outcome, image: str | None = None) -> Outcome:
        """Replace tags in an argv with the names of the case's images, as `image_config` does.

        Args:
            outcome: The outcome.
            image: The tag that stands for `IMAGE` in a command line, which may also have been an argument.
        """
        if isinstance(outcome, Refusal):
            return outcome
        words = (IMAGE if word == image else renamed(word, self._names) for word in outcome.argv)
        return Process(tuple(words), outcome.codes)

    def _build(self, images: Chain) -> str | Refusal:
        """The tag of the last image of a chain, which is built if it is not cached."""
        if not images:
            return self._probe
        if images not in self._tags:
            before = self._build(images[:-1])
            self._tags[images] = before if isinstance(before, Refusal) else self._build_last(images)
        self._tags.move_to_end(images)
        while len(self._tags) > CACHED_CHAINS:
            self._drop_oldest()
        return self._tags[images]

    def _build_last(self, images: Chain) -> str | Refusal:
        tags = {probe.NAME: self._probe}
        for length, image in enumerate(images[:-1], start=1):
            tags[image.name] = str(self._build(images[:length]))
        tag = self._new_tag()
        self._names[tag] = images[-1].name
        refusal = self._image_creator.create(images, tag, tags)
        return tag if refusal is None else refusal

    def _drop_oldest(self) -> None:
        _, tag = self._tags.popitem(last=False)
        if isinstance(tag, str):
            self.engine.delete(f"/images/{tag}", force="1")

    def _new_tag(self) -> str:
        # It is also a valid name for a stage, because a stage may have the name of an image: see
        # build.with_tags.
        return (
            f"cmdpoint-{self._owner.run}-{self.builder}{self._suffix.replace('/', '-')}-{next(self._numbers)}"
        )

    def _build_probe(self) -> None:
        message = post_build(
            self.engine,
            self.engine.builders[0],
            context(self.engine.architecture),
            self._owner.labels,
            t=self._probe,
        )
        if message is not None:
            raise EngineDied(
                f"the engine {self.engine.name} cannot build the base image",
                message,
                "look at the engine's own log",
            )


def _local_client(engine: Engine) -> Client | None:
    """Podman's client that creates containers itself, if the engine is a private Podman."""
    folder = run_folder(engine.url) if engine.product == "podman" else None
    return Client(local_podman(folder), engine.exclusive, (folder, INSIDE)) if folder else None
