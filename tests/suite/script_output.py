"""What the output of a reproduction script shows, as the value that an observation has."""

import json
import re
from typing import Final

from cmdpoint.engines.driver.messages import build_refusal, client_refusal, create_refusal, start_refusal
from cmdpoint.oracle.case import Case, CommandLine, ImageConfig, Words
from cmdpoint.oracle.outcome import Codes, Outcome, Process, Refusal

_MADE_BY: Final = ("build", "commit", "import", "load", "tag")


def shown(output: str, case: Case) -> tuple[Outcome | ImageConfig, Words]:
    """Read the output of a script.

    Args:
        output: Standard output and standard error, in the order in which they were written.
        case: The case of the script.

    Returns:
        The config, or the process or refusal with the codes that the script shows; and the argv that create
        fixed, which is empty if no container was created.
    """
    *steps, last = output.split("\n== ")
    if not last.startswith(("Run", "Create", "The config")):
        return _refused_image(last, case.images[len(steps) - 1].name), ()
    if last.startswith("The config"):
        return _config(last), ()
    fixed = re.search(r"^Path (.*), Args (.*), State.ExitCode (\d+)$", last, re.MULTILINE)
    planned = (json.loads(fixed[1]), *(json.loads(fixed[2]) or ())) if fixed else ()
    by_client = isinstance(case.request, CommandLine)
    return _outcome(last, int(fixed[3]) if fixed else None, by_client=by_client), planned


def _refused_image(step: str, image: str) -> Refusal:
    if re.search("^exit code of create: [^0]", step, re.MULTILINE):
        refusal = create_refusal(step)
        return Refusal(refusal.phase, refusal.kind, refusal.message, image=image)
    assert re.search(f"^exit code of (?:{'|'.join(_MADE_BY)}): [^0]", step, re.MULTILINE), step
    # Podman's messages are recognised by how they begin.
    error = re.search(r"^Error: (.*?)\s*^exit code of", step, re.MULTILINE | re.DOTALL)
    # BuildKit's progress has numbers that are no line's.
    without_progress = re.sub(r"(?m)^#\d+ .*\n", "", step.partition("\n")[2])
    return build_refusal(error[1] if error else without_progress, image)


def _config(step: str) -> ImageConfig:
    found = dict(re.findall(r'^"(\w+)": *(.+)$', step, re.MULTILINE))
    values = {key.lower(): json.loads(value, strict=False) for key, value in found.items()}
    lists = {key: [value] if isinstance(value, str) else value or [] for key, value in values.items()}
    entrypoint, cmd, shell, on_build = (
        tuple(word or "" for word in lists.get(key, ())) for key in ("entrypoint", "cmd", "shell", "onbuild")
    )
    return ImageConfig(entrypoint, cmd, shell, on_build)


def _outcome(step: str, state: int | None, *, by_client: bool) -> Outcome:
    statuses = [int(status) for status in re.findall(r"^HTTP (\d+)$", step, re.MULTILINE)]
    create, start = (*statuses, None, None)[:2]
    run = re.search(r"^exit code of \w+ run: (\d+)$", step, re.MULTILINE)
    codes = Codes(create, start, state, int(run[1]) if run else None)
    words = re.findall(r"^argv\[\d+\] (.*)$", step, re.MULTILINE)
    if words:
        return Process(tuple(json.loads(word, strict=False) for word in words), codes)
    message = step.partition("\n")[2].strip()
    if start == 204:
        # The messages of a runtime are recognised by how they begin.
        message = re.split(r"^HTTP \d+\n", message, flags=re.MULTILINE)[-1]
    if re.search("^ValueError: ", step, re.MULTILINE):
        return Refusal("client", "bad-option", message)
    if by_client:
        return client_refusal(message, codes, created=state is not None)
    return create_refusal(message, codes) if state is None else start_refusal(message, codes)
