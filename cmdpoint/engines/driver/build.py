"""Build an image with any builder of an engine, over the API."""

import io
import json
import re
import tarfile
from collections.abc import Mapping
from typing import Any, Final

from cmdpoint.engines.driver.engine import Engine, Refused, raise_if_fault
from cmdpoint.engines.driver.messages import build_refusal
from cmdpoint.engines.driver.responses import lines_of
from cmdpoint.engines.probe import tar
from cmdpoint.oracle.case import Chain, Image, ImageConfig
from cmdpoint.oracle.outcome import Refusal

_VERSIONS: Final = {"classic": "1", "buildkit": "2"}
"""The values of the API's `version` parameter for Docker's builders."""


_FROM: Final = re.compile(r"(?im)^[\s\ufeff]*FROM(?=[\s\\`])")
"""The beginning of a stage."""

_CONTINUED: Final = re.compile(r"[\\`]\s*\n")
"""The end of a line that continues, with either escape character."""

_SPLITTING: Final = re.compile(r"(?im)^\s*#.*$|[\\`\s]|ONBUILD")
"""What may be between two letters of a word that goes on in another line, or in another trigger (ONB-8)."""

_NO_ANSWER: Final = re.compile(
    "Successfully built|(?:error )?committing container for|.*image not known"
    '|building at STEP "(?:ADD|COPY) .*<<.*: copier: ',
    re.DOTALL,
)
"""Messages that Podman sends at random, and not at a second try: 3.0 in place of the reason for a refusal
(`images_build.go:BuildImage`), 4.3 if another client removes an image at the same time, and 5.4 if another
build has a here-document of the same name (Buildah, `stage_executor.go:performCopy`, which writes both to one
file in `/var/tmp`)."""

_TRIES: Final = 5
"""How often such a request is sent at most."""


def build_image(
    engine: Engine, builder: str, images: Chain, tag: str, tags: Mapping[str, str], labels: Mapping[str, str]
) -> Refusal | None:
    """Build one image of a case.

    Args:
        engine: The engine.
        builder: One of the engine's `builders`.
        images: The chain of images that ends in the one to build.
        tag: Its tag in the engine.
        tags: The tags in the engine of the images that a FROM may name.
        labels: The labels of the image.

    Returns:
        The refusal, or None if the image was built.

    Raises:
        Fault: The engine died, or its disk is full.
    """
    image = images[-1]
    assert isinstance(image, Image)
    # A FROM that names the image itself means the earlier image of that name.
    names = {image.name: tag, **tags}
    text = with_tags(image.dockerfile, names)
    # Without a stage there is nothing to label, and labels would make the classic builder panic
    # (moby, builder/dockerfile/builder.go:buildLabelOptions; observed on 20.10.24 and 28.5.2). A label is an
    # instruction of the target, so an image that has no other would not be refused (STATE-11).
    stages = len(_FROM.findall(text))
    labels = labels if stages and image.target is None and not _last_stage_is_empty(text) else {}
    message = post_build(
        engine,
        builder,
        tar({"Dockerfile": (text.encode("utf-8", "surrogateescape"), 0o644)}),
        labels,
        t=tag,
        buildargs=json.dumps({name: names.get(value, value) for name, value in image.build_args}),
        **({} if image.target is None else {"target": names.get(image.target, image.target)}),
        **({"layers": "1"} if _needs_layers(engine, images, stages) else {}),
    )
    return None if message is None else build_refusal(message, image.name)


def _last_stage_is_empty(dockerfile: str) -> bool:
    """Whether no instruction follows the last FROM; where that is in doubt, none does."""
    *_, last = _FROM.finditer(dockerfile)
    lines = dockerfile[last.start() :].split("\n")
    lines = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    return len(_CONTINUED.sub(" ", "\n".join(lines)).split("\n")) == 1


def post_build(
    engine: Engine, builder: str, context: bytes, labels: Mapping[str, str], **params: str | list[str]
) -> str | None:
    """POST a build context.

    Args:
        engine: The engine.
        builder: One of the engine's `builders`.
        context: The context as a tar archive.
        labels: The labels of the image.
        params: More parameters of the request.

    Returns:
        The engine's error message, or None if the build succeeded.
    """
    # Without a cache, because the classic builder's lookup fails if another client removes an image at the
    # same time ("unable to find image", observed on 20.10.24 with four clients).
    params |= {"rm": "1", "forcerm": "1", "nocache": "1"}
    if engine.product == "podman":
        # Podman 3.0 accepts labels only as a list. The images of layers have labels of their own.
        listed = [f"{name}={value}" for name, value in labels.items()]
        params |= {"labels": json.dumps(listed), "layerLabel": listed}
        params.setdefault("layers", "0")
    else:
        params |= {"labels": json.dumps(dict(labels)), "version": _VERSIONS[builder]}
    for _ in range(_TRIES):
        message = _posted(engine, context, params)
        if engine.product != "podman" or message is None or not _NO_ANSWER.match(message):
            break
    return message


def _posted(engine: Engine, context: bytes, params: Mapping[str, str | list[str]]) -> str | None:
    """POST a build context once; see `post_build`."""
    headers = {"Content-Type": "application/x-tar"}
    try:
        with engine.post_stream("/build", params=params, data=context, headers=headers) as chunks:
            body = b"".join(chunks)
    except Refused as refused:
        return refused.message
    last: dict[str, Any] = {}
    for last in lines_of(body, "POST /build"):
        if (error := last.get("error")) is not None:
            raise_if_fault(str(error))
            return str(error)
    end = str(last.get("stream"))
    return end if re.fullmatch(r"Successfully built *\n", end) else None


def _needs_layers(engine: Engine, images: Chain, stages: int) -> bool:
    """Whether an image is built with layers, which only Podman can also build without."""
    return engine.product == "podman" and (_layers_matter(images) or (stages > 1 and _removes_bases(engine)))


def _layers_matter(images: Chain) -> bool:
    """Whether what Podman stores of the last image may depend on whether the build has layers (STATE-34).

    `podman build` has layers by default. Each instruction then commits an image, so where layers do not
    matter, a build without them saves a third of the time.
    """
    return not all(isinstance(each, Image) and not _has_workdir(each.dockerfile) for each in images)


def _has_workdir(dockerfile: str) -> bool:
    """Whether a Dockerfile may have a WORKDIR.

    Escape characters and comments may split the word, and letters beyond ASCII may be letters of it.
    """
    return not dockerfile.isascii() or "workdir" in _SPLITTING.sub("", dockerfile).lower()


def _removes_bases(engine: Engine) -> bool:
    """Whether Podman's build without layers removes the image that a stage without instructions is built on.

    Source: containers/buildah 07d955f27, vendored in Podman 4.8.0.
    """
    return engine.numbers < (4, 8)


def usable_builders(engine: Engine, labels: Mapping[str, str]) -> tuple[str, ...]:
    """The builders of an engine that work over the API alone.

    With containerd's image store, BuildKit before Docker 27.5 does not find a posted context (moby/moby
    8d5cf1db1e); only a client with a session can build there.

    Args:
        engine: The engine.
        labels: The labels of the image that is built as a trial.
    """
    if not engine.store:
        return engine.builders
    context = tar({"Dockerfile": (b"FROM scratch\nCMD a\n", 0o644)})
    errors = {builder: post_build(engine, builder, context, labels) or "" for builder in engine.builders}
    return tuple(
        builder for builder, error in errors.items() if "failed to read downloaded context" not in error
    )


def image_config(engine: Engine, tag: str, names: Mapping[str, str]) -> ImageConfig:
    """The config of an image in the engine.

    Podman's inspect hides Shell and OnBuild, and fails if EXPOSE has a text that is not a port, so the config
    is read from an archive of the image, which takes no longer. There its keys match in any letter case.

    Args:
        engine: The engine.
        tag: The tag of the image.
        names: The names in the case of the tags in the engine, which a trigger may contain.
    """
    config: dict[str, Any]
    if engine.product == "podman":
        saved = {key.lower(): value for key, value in _saved_config(engine, tag).items()}
        config = {key: saved.get(key.lower()) for key in ("Entrypoint", "Cmd", "Shell", "OnBuild")}
    else:
        config = engine.get(f"/images/{tag}/json")["Config"]
    entrypoint, cmd, shell, on_build = (
        tuple(renamed(word or "", names) for word in _list(config.get(key)))
        for key in ("Entrypoint", "Cmd", "Shell", "OnBuild")
    )
    return ImageConfig(entrypoint, cmd, shell, on_build)


def _list(value: str | list[str | None] | None) -> list[str | None]:
    return [value] if isinstance(value, str) else value or []


def _saved_config(engine: Engine, tag: str) -> dict[str, Any]:
    """The config of an image, as `docker save` writes it."""
    with tarfile.open(fileobj=io.BytesIO(engine.get_bytes(f"/images/{tag}/get"))) as archive:
        manifest = json.loads(_member(archive, "manifest.json"))
        config: dict[str, Any] = json.loads(_member(archive, manifest[0]["Config"]))["config"]
    return config


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    assert file is not None, name
    return file.read()


def with_tags(dockerfile: str, tags: Mapping[str, str]) -> str:
    """Replace the names of the case's images in a Dockerfile with their tags in the engine.

    A stage with the name of an image is renamed too, so that it still hides the image.
    """
    text = _NAMING.sub(lambda line: line[1] + renamed(line[2], tags), dockerfile)
    return _COPYING.sub(lambda flag: flag[1] + tags.get(flag[2], flag[2]), text)


def renamed(text: str, names: Mapping[str, str]) -> str:
    """Replace each word of a text that is a name."""
    return _WORD.sub(lambda word: names.get(word[0], word[0]), text)


_WORD = re.compile(r"\$\{?\w+[-+?]?|\w[\w.-]*")
"""A word that may be a name, or a variable with its operator, which is not one."""

_NAMING = re.compile(
    r"(?im)^([\s\ufeff]*(?:FROM|ARG)(?=[\s\\`]))((?:.*[\\`][ \t\r]*\n(?:[^\S\n]*(?:#.*)?\n)*)*.*)$"
)
"""A FROM or ARG, which may name an image, with its continuation lines."""

_COPYING = re.compile(r"(?im)^([\s\ufeff]*(?:ONBUILD[ \t]+)?COPY[ \t](?:--\S+[ \t]+)*--from=)([^\s\\`]+)")
"""A COPY up to the flag that may name an image."""
