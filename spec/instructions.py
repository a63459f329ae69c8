"""A use of each instruction, and of each flag that some version knows, for cases about flags."""

from typing import Final

ARGUMENTS: Final = {
    "ADD": "Dockerfile /data",
    "ARG": "A",
    "CMD": "a",
    "COPY": "Dockerfile /data",
    "ENTRYPOINT": "a",
    "ENV": "A=b",
    "EXPOSE": "80",
    "FROM": "probe",
    "HEALTHCHECK": "CMD a",
    "LABEL": "a=b",
    "MAINTAINER": "a",
    "ONBUILD": "CMD a",
    "RUN": "a",
    "SHELL": '["a"]',
    "STOPSIGNAL": "9",
    "USER": "0",
    "VOLUME": "/v",
    "WORKDIR": "/w",
}
"""Arguments of each instruction that every builder accepts."""

_VALUES: Final = {
    "chmod": "644",
    "chown": "0:0",
    "exclude": "x",
    "interval": "1s",
    "mount": "type=tmpfs,target=/t",
    "network": "none",
    "platform": "linux/amd64",
    "retries": "1",
    "security": "sandbox",
    "start-interval": "1s",
    "start-period": "1s",
    "timeout": "1s",
}
"""A value of each flag that takes one."""


def with_flag(flag: str) -> str:
    """An instruction with a flag and, if it takes one, a value.

    Args:
        flag: As in `Dialect.flags`, such as `COPY --chown=`, `RUN --mount=...` or `COPY --link`.
    """
    keyword, _, name = flag.partition(" --")
    bare = name.rstrip("=.!")
    value = "" if name == bare else f"={_VALUES.get(bare, 'a')}"
    return f"{keyword} --{bare}{value} {ARGUMENTS[keyword]}"
