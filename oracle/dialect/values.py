"""The behaviours: what engines, builders and runtimes do differently, and the values each can have.

These types are the only list of values: the loader of `dialects.toml` checks every row against them.
`behaviours.toml` explains what each behaviour means.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

EngineName = Literal["docker", "podman"]
BuilderName = Literal["classic", "buildkit", "buildah"]
StoreName = Literal["containerd"]
NamedStore = Literal["graphdriver", "containerd"]
"""The image stores as names have them; a dialect's `store` is empty for graphdriver, the engine's own."""
RuntimeName = Literal["runc", "crun", "runsc"]

Directive = Literal["check", "escape", "syntax"]
Operator = Literal[":-", ":+", ":?", "-", "+", "?", "#", "%", "/", ":#", ":%"]
HeredocOperator = Literal["-", "+", "?", ":-", ":+", ":?", "#", "%", "/", ":#", ":%", ":"]
PredefinedArgument = Literal[
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDOSVERSION",
    "BUILDARCH",
    "BUILDVARIANT",
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETOSVERSION",
    "TARGETARCH",
    "TARGETVARIANT",
    "TARGETSTAGE",
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "FTP_PROXY",
    "ftp_proxy",
    "NO_PROXY",
    "no_proxy",
    "ALL_PROXY",
    "all_proxy",
]
Keyword = Literal[
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
]
HealthNumbers = Literal[
    "at least one nanosecond", "at least one millisecond", "at least one millisecond, or zero"
]
StartFailure = Literal["not-found", "no-name", "through-file", "folder", "not-executable", "relative-program"]
"""Why a runtime does not start a program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeBehaviours:
    """What depends on the runtime that starts the containers."""

    relative_path: Literal["found", "refused", "skipped"]
    empty_path_element: Literal["working folder", "working folder, also alone", "root folder"]
    unusable_on_path: Literal["skipped", "refused", "refused if not followed"]
    user_check: Literal["during the lookup", "after the lookup", "by the kernel"]
    empty_name: Literal["not found", "looked up"]
    relative_image_dir: Literal["refused", "unused", "from the root"]
    working_dir_entry: Literal["made", "must exist", "made, entered with the program"]
    dot_names: Literal["names", "paths", "never found"]
    path_style: Literal["cleaned", "joined", "with a slash", "absolute"]
    trailing_slash: Literal["means a folder", "dropped"]
    nul_in_words: Literal["refused", "ends the word", "remains"]
    long_words: Literal["refused", "passed"]
    unreadable_program: Literal["fails after the start", "refused"]
    failed_exec_code: int
    name_in_message: Literal["quoted", "as it is"]
    start_codes: Mapping[str, tuple[int, int, int]] = field(hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviours(RuntimeBehaviours):
    """Every behaviour; those below depend on the engine, its version, its builder and its image store."""

    front_end: Literal["docker", "imagebuilder"]
    trailing_text: Literal["ignored", "shell form"]
    bare_cmd: Literal["empty text", "no text"]
    bare_entrypoint: Literal["empty text", "clears"]
    cmd_counts_as_set: Literal["always", "when not empty"]
    directives: tuple[Directive, ...]
    check_options: Literal["any text", "options"]
    line_end: Literal["one CR", "any CR"]
    heredocs: Literal["instructions", "data"]
    heredoc_substitutions: tuple[HeredocOperator, ...]
    heredoc_blanks: Literal["end the operator", "skipped"]
    text_before_operator: Literal["kept", "lost in here-documents", "lost"]
    stage_name_case: Literal["as written", "folded", "unchanged"]
    duplicate_stage_names: Literal["the last one counts", "refused", "the first is the target"]
    in_file_triggers: Literal["run", "run and remain"]
    unneeded_stages: Literal["skipped", "built"]
    empty_image: Literal["built", "refused"]
    substitutions: tuple[Operator, ...]
    open_word: Literal["refused", "closed by the end"]
    word_escape: Literal["as set", "backslash"]
    special_variables: Literal["unset", "text"]
    numbered_variables: Literal["whole number", "one digit"]
    nameless_variable: Literal["refused", "empty"]
    error_word: Literal["message", "default"]
    patterns: Literal["shell", "path"]
    pair_names: Literal["required", "optional"]
    capital_hosts: Literal["hosts", "no reference"]
    platform_flag: Literal["a platform", "a platform, or local", "two or three words"]
    docker_transport: Literal["no reference", "an image of a registry", "any image"]
    stage_names: Literal["a name", "a name, and an image's", "any word"]
    unknown_instructions: Literal["refused", "ignored"]
    predefined_arguments: tuple[PredefinedArgument, ...]
    argument_lines: Literal["one by one", "whole"]
    argument_without_value: Literal["empty", "unchanged", "unset"]
    wrong_default: Literal["empty", "refused"]
    doubled_escape: Literal["continues nothing", "continues"]
    escape_value: Literal["whole", "first character"]
    longest_line: int
    long_line: Literal["refused", "ends the file"]
    flag_escape: Literal["as set", "backslash"]
    unchecked_flags: tuple[Keyword, ...]
    flags: tuple[str, ...]
    after_flag: Literal["ignored", "an earlier stage"]
    empty_flag_values: Literal["accepted", "refused"]
    health_numbers: HealthNumbers
    mount_fields: Literal["while reading", "when reached"]
    run_flags: Literal["accepted", "refused"]
    chmod_values: Literal["refused", "any word", "an octal number", "a mode", "octal digits"]
    owners: Literal[
        "users and groups", "users", "users, or none", "any name", "any name, if users are listed"
    ]
    argument_names: Literal["expanded", "as written"]
    exposed_ports: Literal["any text", "leniently", "strictly", "strictly, with a sign"]
    more_signals: tuple[str, ...]
    empty_words: Literal["accepted", "refused"]
    moving_front_end: str
    syntax_line: Literal["ignored", "a comment", "any form", "any form, also behind a byte-order mark"]
    later_stages: Literal["found", "not found"]
    source_variables: Literal["not replaced", "all arguments", "all arguments, and those of the stage"]
    several_sources: Literal["to any destination", "to a folder"]
    heredoc_sources: Literal["copied", "ignored"]
    heredoc_in_trigger: Literal["stored", "omitted"]
    shell_of_commands: Literal["as set", "/bin/sh -c"]
    workdir_path: Literal["cleaned", "as written", "without a slash"]
    workdir_folder: Literal["stored", "made by each instruction"]
    copy_to_working_dir: Literal["into it", "in its place"]
    workdir_at_file: Literal["refused", "built"]
    base_working_dir: Literal["kept", "joined with itself"]
    repeated_variables: Literal["the first one", "the last one"]
    given_arguments: Literal["declared above", "declared anywhere", "and predefined"]
    given_platform: Literal["a value", "the platform of the build"]
    predefined_default: Literal["counts", "counts as a platform", "ignored"]
    needed_stage_arguments: Literal["all arguments", "given arguments"]
    from_flag_arguments: Literal["all arguments", "given arguments"]
    several_arguments: Literal["read", "refused"]
    stage_name_variables: Literal["text", "expanded"]
    stage_numbers: Literal["none", "of unnamed stages", "of all stages"]
    stage_without_from: Literal["refused", "refused when reached"]
    string_for_list: Literal["one word", "one word in Shell", "refused"]
    saved_string: Literal["one word", "one word in Shell", "wrong type"]
    wrong_type: Literal["refused", "stored"]
    check_comment: Literal["ignored", "no answer"]
    unreadable_base: Literal["bad-config", "no-such-image"]
    arg_and_env: Literal["ENV wins", "the later wins"]
    unknown_run_options: tuple[str, ...]
    more_changes: tuple[Keyword, ...]
    missing_program: Literal["by the words", "by its name"]
    entrypoint_option: Literal["one word", "a JSON list", "a JSON list, as far as it goes"]
    empty_entrypoint_option: Literal["one empty word", "an empty list"]
    sent_entrypoint: Literal["as it is", "read as the option"]
    empty_entrypoint_list: Literal["no entrypoint", "not set"]
    nothing_to_run: Literal["refused", "an empty word"]
    nameless_option: Literal["refused", "ignored if empty"]
    json_decoder: Literal["encoding/json", "json-iterator"]
    null_host_config: Literal["resets", "ignored"]
    request_string: Literal["one word", "refused"]
    wrong_json_status: int
    container_working_dir: Literal["cleaned", "cleaned if requested", "as written"]
    working_dir_links: Literal["in the image", "to the host", "to the host, except the last"]
    relative_working_dir: Literal["refused", "joined twice", "from the root"]
    refused_create: int
    no_image_code: int
    env_without_value: Literal["removed", "the service's own"]
    image_variables: Literal["not read", "the service's own", "refused"]
    image_ports: Literal["read", "read with a network", "not read"]
    third_user_word: Literal["ignored", "ignored for known users", "of the group"]
    working_dir_check: Literal["before the user", "after the user"]
    missing_working_dir: Literal["made", "made for the API", "refused"]
    init_words: tuple[str, ...]
    init_codes: tuple[int, int, int]
    commit_changes: Literal["a stage", "one by one", "a pair"]
    import_changes: Literal["a stage", "one by one"]
    commit_forgets: tuple[Literal["Shell", "OnBuild"], ...]
