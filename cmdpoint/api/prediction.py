"""Predict what a Dockerfile makes a container run, and explain the prediction."""

from collections.abc import Iterable, Mapping, Sequence

from cmdpoint.bases.given import NamedConfigs, given_config
from cmdpoint.bases.result import Result, result
from cmdpoint.cli.explanation import Layout, explanation
from cmdpoint.cli.explanation_text import render
from cmdpoint.oracle.case import Case, Image, ImageConfig
from cmdpoint.oracle.clients.docker_run import command_line
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.upgrade.compare import IMAGE

BaseConfig = ImageConfig | Mapping[str, object] | Sequence[object]
"""The config of a base image: a value, or the decoded JSON that `docker image inspect` prints of it."""


def predict(  # noqa: PLR0913 - all but two are keywords, as for `docker build` and `docker run`
    dockerfile: str | Case,
    arguments: Iterable[str] = (),
    *,
    entrypoint: str | None = None,
    dialect: str | Dialect = "docker",
    bases: Mapping[str, BaseConfig] = {},
    build_args: Mapping[str, str] = {},
    target: str | None = None,
) -> Result:
    r"""Predict what a Dockerfile makes a container run, without a daemon.

    Only the text is read: RUN, COPY and ADD are assumed to succeed, and every program to exist. A base image
    that is not in `bases` is assumed to exist, and its ONBUILD triggers to build. Nothing else is assumed of
    it: if its config decides the outcome, the outcome is unknown. The name `probe` stands for the empty image
    of the specification's examples.

    Args:
        dockerfile: The text of a Dockerfile; or a case, which also has its own request, arguments and target.
        arguments: The words after the image in `docker run`.
        entrypoint: The value of `docker run --entrypoint`, or None.
        dialect: A dialect, or its name as people write it, such as `docker`, `28.5` or
            `docker-28.5.2/classic`. `docker` is the newest Docker Engine that was compared with cmdpoint.
        bases: The configs of base images, by the name in FROM: values, or what `docker image inspect`
            prints. Keys besides `Entrypoint`, `Cmd`, `Shell` and `OnBuild` are ignored.
        build_args: What `docker build --build-arg` sets.
        target: The stage to build, as in `docker build --target`, or None for the last one.

    Returns:
        The result. Whatever is wrong with the Dockerfile or the arguments is a `Refusal` in it.

    Raises:
        UnknownDialect: No dialect has that name. The error has the nearest names.
        BadBase: What is in `bases` holds no config, a key is misspelled, or one is neither null nor a list of
            strings.
        TypeError: `arguments` is one string, or a case comes with other arguments than `dialect` and `bases`.

    Examples:
        >>> predict('FROM scratch\nENTRYPOINT ["nginx"]', ["-t"]).outcome.argv
        ('nginx', '-t')

        The Dockerfile alone does not decide this one:

        >>> result = predict("FROM node:22\nCMD node server.js")
        >>> print(result.outcome)
        unknown, depends on Entrypoint, Shell, OnBuild of node:22
        >>> [base.name for base in result.needs]
        ['node:22']

        With the config of its base it is certain:

        >>> inspected = {"Entrypoint": ["docker-entrypoint.sh"], "Cmd": ["node"]}
        >>> predict("FROM node:22\nCMD node server.js", bases={"node:22": inspected}).outcome.argv
        ('docker-entrypoint.sh', '/bin/sh', '-c', 'node server.js')

        A build that the engine refuses is an outcome:

        >>> predict("FROM scratch\nCDM nginx").outcome.kind
        'unknown-instruction'
    """
    case = case_of(dockerfile, arguments, entrypoint, build_args, target)
    return result(case, dialect_of(dialect), base_configs(bases))


def explain(  # noqa: PLR0913 - all but two are keywords, as for `docker build` and `docker run`
    dockerfile: str,
    arguments: Iterable[str] = (),
    *,
    entrypoint: str | None = None,
    dialect: str | Dialect | None = None,
    bases: Mapping[str, BaseConfig] = {},
    build_args: Mapping[str, str] = {},
    target: str | None = None,
) -> str:
    r"""Explain what a Dockerfile makes a container run, as the command `cmdpoint explain` prints it.

    The text is for people and may change with every version. Where the config of a base image decides what
    runs, and it is not given, the text shows what is certain, and how to find out the rest.

    Args:
        dockerfile: The text of a Dockerfile.
        arguments: As for `predict`.
        entrypoint: As for `predict`.
        dialect: As for `predict`; None for the newest Docker Engine, and then the text also lists the
            dialects that differ.
        bases: As for `predict`.
        build_args: As for `predict`.
        target: As for `predict`.

    Returns:
        Lines of plain text, the last one ended.

    Raises:
        UnknownDialect: As for `predict`.
        BadBase: As for `predict`.
        TypeError: `arguments` is one string.

    Examples:
        >>> text = explain('FROM scratch\nENTRYPOINT ["nginx"]', ["-t"], dialect="docker-28.5.2")
        >>> print(*text.splitlines()[:3], sep="\n")
        What runs (docker-28.5.2/buildkit):
          argv[0]  "nginx"  ENTRYPOINT, line 2
          argv[1]  "-t"     argument of the run
    """
    case = case_of(dockerfile, arguments, entrypoint, build_args, target)
    chosen = Dialect.newest() if dialect is None else dialect_of(dialect)
    return render(explanation(case, chosen, base_configs(bases), Layout(elsewhere=dialect is None)))


def dialect_of(dialect: str | Dialect) -> Dialect:
    """The dialect that is given, or that has the name; see `predict`."""
    return Dialect.from_name(dialect) if isinstance(dialect, str) else dialect


def base_configs(bases: Mapping[str, BaseConfig]) -> NamedConfigs:
    """The configs that are given; see `predict`."""
    return NamedConfigs(
        {
            name: config
            if isinstance(config, ImageConfig)
            else given_config(config, f"the config of {name!r}")
            for name, config in bases.items()
        }
    )


def case_of(
    dockerfile: str | Case,
    arguments: Iterable[str],
    entrypoint: str | None,
    build_args: Mapping[str, str],
    target: str | None,
) -> Case:
    """The case of a Dockerfile and of how it is run; see `predict`."""
    if isinstance(arguments, str):
        raise TypeError(f"arguments must be a list of words, not the string {arguments!r}")
    words = tuple(arguments)
    if isinstance(dockerfile, Case):
        if words or entrypoint is not None or build_args or target is not None:
            raise TypeError("a Case has its own arguments, entrypoint, build_args and target")
        return dockerfile
    image = Image(IMAGE, dockerfile, target, tuple(build_args.items()))
    return Case((image,), command_line(entrypoint, words))
