"""Dialects: the named behaviours in which engines, builders and versions differ, read from one data file.

The rest of the oracle asks a dialect for a behaviour by name; only this module knows of versions.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one builder of one engine reads a Dockerfile. `behaviours.toml` tells what each behaviour means."""

    engine: str
    version: str
    builder: str
    store: str
    verified: bool = field(compare=False)
    front_end: Literal["docker", "imagebuilder"]
    trailing_text: Literal["ignored", "shell form"]
    bare_cmd: Literal["empty text", "no text"]
    bare_entrypoint: Literal["empty text", "clears"]
    cmd_counts_as_set: Literal["always", "when not empty"]
    directives: tuple[str, ...]
    line_end: Literal["one CR", "any CR"]
    heredocs: Literal["instructions", "data"]
    stage_name_case: Literal["as written", "folded", "kept"]
    duplicate_stage_names: Literal["the last one counts", "refused", "the first is the target"]
    in_file_triggers: Literal["run", "run and stay"]
    unneeded_stages: Literal["skipped", "built"]
    substitutions: tuple[str, ...]
    open_word: Literal["refused", "closed by the end"]
    word_escape: Literal["as set", "backslash"]
    special_variables: Literal["unset", "text"]
    numbered_variables: Literal["whole number", "one digit"]
    nameless_variable: Literal["refused", "empty"]
    error_word: Literal["message", "default"]
    patterns: Literal["shell", "path"]
    pair_names: Literal["required", "optional"]
    stage_names: Literal["checked", "any word"]
    unknown_instructions: Literal["refused", "passed over"]
    predefined_arguments: tuple[str, ...]
    argument_lines: Literal["one by one", "whole"]
    argument_without_value: Literal["empty", "kept", "unset"]
    wrong_default: Literal["empty", "refused"]
    doubled_escape: Literal["continues nothing", "continues"]
    escape_value: Literal["whole", "first character"]
    longest_line: int
    long_line: Literal["refused", "ends the file"]
    flag_escape: Literal["as set", "backslash"]
    unchecked_flags: tuple[str, ...]
    heredoc_in_trigger: Literal["kept", "left out"]
    shell_of_commands: Literal["as set", "/bin/sh -c"]
    workdir_path: Literal["cleaned", "as written", "without a slash"]
    given_arguments: Literal["declared above", "declared anywhere", "and predefined"]
    predefined_default: Literal["counts", "passed over"]
    needs_see: Literal["all arguments", "given arguments"]
    several_arguments: Literal["read", "refused"]
    stage_name_variables: Literal["kept", "put in"]
    stage_numbers: Literal["none", "of unnamed stages", "of all stages"]
    stage_without_from: Literal["refused", "refused in its turn"]
    string_for_list: Literal["one word", "one word in Shell", "refused"]
    saved_string: Literal["one word", "one word in Shell", "wrong type"]
    wrong_type: Literal["refused", "kept"]
    unreadable_base: Literal["bad-config", "no-such-image"]
    arg_and_env: Literal["ENV wins", "the later wins"]
    unknown_run_options: tuple[str, ...]
    more_changes: tuple[str, ...]
    runtime: str
    relative_path: Literal["found", "refused"]
    empty_path_element: Literal["working folder", "working folder, also alone", "root folder"]
    unusable_on_path: Literal["passed over", "refused"]
    user_is_asked: Literal["during the lookup", "after the lookup", "by the kernel"]
    empty_name: Literal["not found", "looked for"]
    dot_names: Literal["names", "paths", "never found"]
    path_style: Literal["cleaned", "joined", "with a slash"]
    nul_in_words: Literal["refused", "ends the word"]
    failed_exec_code: int
    missing_program: Literal["by the words", "by its name"]
    name_in_message: Literal["quoted", "as it is"]
    start_codes: Mapping[str, tuple[int, int, int]] = field(hash=False)
    entrypoint_option: Literal["one word", "a JSON list", "a JSON list, as far as it goes"]
    empty_entrypoint_option: Literal["one empty word", "an empty list"]
    sent_entrypoint: Literal["as it is", "read as the option"]
    empty_entrypoint_list: Literal["no entrypoint", "nothing asked"]
    nothing_to_run: Literal["refused", "an empty word"]
    refused_create: int
    no_image_code: int
    env_without_value: Literal["taken away", "the service's own"]
    missing_working_dir: Literal["made", "made for the API", "refused"]
    init_words: tuple[str, ...]
    init_codes: tuple[int, int, int]
    commit_changes: Literal["a stage", "one by one", "a pair"]
    import_changes: Literal["a stage", "one by one"]
    commit_forgets: tuple[str, ...]

    def __str__(self) -> str:
        store = f"+{self.store}" if self.store else ""
        name = f"{self.engine}-{self.version}{store}/{self.builder}"
        usual = Dialect.of(self.engine, self.version, self.builder).runtime
        return name if self.runtime == usual else f"{name}/{self.runtime}"

    @classmethod
    def of(cls, engine: str, version: str, builder: str, runtime: str | None = None, store: str = "") -> Self:
        """The dialect of a builder of an engine.

        Args:
            engine: `docker` or `podman`.
            version: As the engine reports it; what follows the numbers is passed over.
            builder: `classic`, `buildkit` or `buildah`.
            runtime: What starts its containers, such as `crun-1.21`; the engine's usual one if None.
            store: `containerd` where containerd keeps the images; empty for the engine's own store.

        Raises:
            UnknownDialect: No row of the data file describes such an engine, builder, runtime or store.
        """
        number = version_number(version)
        behaviours: dict[str, Any] = {}
        for row in dialect_data()["row"]:
            if (
                row["engine"] == engine
                and row.get("builder", builder) == builder
                and row.get("store", store) == store
                and version_number(row["since"]) <= number
            ):
                behaviours |= {name: _frozen(value) for name, value in row.items() if name not in _ROW_KEYS}
        known = dialect_data()["engine"].get(engine)
        if known is None or builder not in known["builders"] or not behaviours:
            raise UnknownDialect(f"{engine}-{version}/{builder}")
        if store and not (store in known["stores"] and version_number(known["stores"][store]) <= number):
            raise UnknownDialect(f"{engine}-{version}+{store}/{builder}")
        behaviours |= {"runtime": runtime or behaviours["runtime"]}
        behaviours |= _runtime(behaviours["runtime"], engine, behaviours.pop("refused_start", ()))
        return cls(
            engine=engine,
            version=".".join(map(str, number)),
            builder=builder,
            store=store,
            verified=number <= version_number(known["newest_verified"]),
            **behaviours,
        )

    @classmethod
    def named(cls, name: str) -> Self:
        """The dialect of a name such as `docker-28.5.2/buildkit` or `docker-28.5.2/classic/crun-1.21`.

        Of an engine alone, such as `docker-28.5.2`, it is the builder that builds there by default.

        Raises:
            UnknownDialect: The name is not of that form, or no row describes it.
        """
        match = re.fullmatch(
            r"([a-z]+)-(\d+(?:\.\d+)*)(?:\+([a-z]+))?(?:/([a-z]+)(?:/([a-z]+-\d+(?:\.\d+)*))?)?", name
        )
        if match is None:
            raise UnknownDialect(name)
        engine, version, store, builder, runtime = match.groups()
        builder = builder or _default_builder(engine, version)
        if not builder:
            raise UnknownDialect(name)
        return cls.of(engine, version, builder, runtime, store or "")

    @classmethod
    def newest(cls, builder: str = "buildkit") -> Self:
        """The dialect of the newest Docker Engine that was verified."""
        return cls.of("docker", dialect_data()["engine"]["docker"]["newest_verified"], builder)

    def beside(self, builder: str) -> Self:
        """The dialect of another builder of the same engine; what all its builders share is as it is here.

        Of an engine that has no such builder, it is this one.
        """
        if builder not in dialect_data()["engine"][self.engine]["builders"]:
            return self
        own, other = (
            Dialect.of(self.engine, self.version, each, self.runtime, self.store)
            for each in (self.builder, builder)
        )
        pairs = ((each.name, getattr(own, each.name), getattr(other, each.name)) for each in fields(self))
        return replace(self, **{name: there for name, here, there in pairs if here != there})

    def meets(self, condition: str) -> bool:
        """Whether a condition of the spec holds, such as `classic`, `docker<27.1` or `docker>=27.1 buildkit`.

        Raises:
            ValueError: The text is no condition.
        """
        return all(self._meets_one(term) for term in condition.split())

    def _meets_one(self, term: str) -> bool:
        match = re.fullmatch(r"([a-z]+)(?:(<|>=)(\d+(?:\.\d+)*))?", term)
        if match is None:
            raise ValueError(f"{term!r} is no condition on a dialect")
        name, relation, bound = match.groups()
        runtime, _, runtime_version = self.runtime.partition("-")
        if relation is None:
            return name in (self.engine, self.builder, runtime, self.store)
        version = {self.engine: self.version, runtime: runtime_version}.get(name)
        if version is None:
            return False
        return (version_number(version) < version_number(bound)) == (relation == "<")


class UnknownDialect(ValueError):
    """No dialect goes by that name."""

    def __str__(self) -> str:
        return f"no dialect is called {self.args[0]!r}; one is called, for instance, {Dialect.newest()}"


def _default_builder(engine: str, version: str) -> str:
    """What builds on an engine where nobody says otherwise; nothing where no row tells."""
    known = dialect_data()["engine"].get(engine, {}).get("default_builder", {})
    number = version_number(version)
    return next((known[since] for since in reversed(known) if version_number(since) <= number), "")


def _runtime(name: str, engine: str, refused_start: tuple[int, ...]) -> dict[str, Any]:
    """The behaviours of a runtime such as `crun-1.21` under an engine.

    Args:
        name: The runtime's.
        engine: The engine's.
        refused_start: The status and the exit code of a start that is refused, where the engine has but one.
    """
    kind, _, version = name.partition("-")
    behaviours: dict[str, Any] = {}
    for row in dialect_data()["runtime"]:
        if row["name"] == kind and version_number(row["since"]) <= version_number(version):
            behaviours |= {key: value for key, value in row.items() if key not in _ROW_KEYS}
    if not behaviours:
        raise UnknownDialect(name)
    tables = {known: behaviours.pop(f"{known}_start", {}) for known in ("docker", "podman")}
    codes = {why: (*refused_start, *numbers) for why, numbers in tables[engine].items()}
    return behaviours | {"start_codes": codes}


def version_number(version: str) -> tuple[int, ...]:
    """The leading numbers of a version: (20, 10, 24) for `20.10.24+dfsg1`."""
    match = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(map(int, match[0].split("."))) if match else ()


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


_ROW_KEYS = {"engine", "builder", "store", "since", "name", "source"}


@cache
def dialect_data() -> dict[str, Any]:
    """The data file, as it stands."""
    return tomllib.loads(files("cmdpoint.oracle.dialect").joinpath("dialects.toml").read_text("utf-8"))
