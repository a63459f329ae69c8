"""Instructions that set no command, with arguments that a builder may refuse: words, ports, flags."""

from hypothesis import strategies as st

_WORD = st.lists(
    st.sampled_from(["a", "b", "1", "$X", "${X}", "${NONE}", "${NONE:-b}", '"c d"', "'e'", '"', "'", "${X"]),
    min_size=1,
    max_size=3,
).map("".join)
"""A word with variables and quotes, some of which are never closed."""

_PAIR = st.builds("{}={}".format, st.sampled_from(["X", "Y", '"Z"', "$NONE", "${X"]), _WORD)

_PORT = st.builds(
    "{}{}{}".format,
    st.sampled_from(
        ["80", "80", "0", "65535", "65536", "a", "-1", "+80", "#", "$X", '"80"', "", "1:80", "::80"]
    ),
    st.sampled_from(["", "", "", "-90", "-70", "-90-95", "-"]),
    st.sampled_from(["", "", "", "/tcp", "/UDP", "/", "/icmp", "/tcp/udp", "${X:-/tcp}", "/${NONE:-tcp}"]),
).filter(bool)
"""A port, a range or a binding; often none of these."""

_SIGNAL = st.sampled_from(
    [
        "TERM",
        "sigint",
        "9",
        "0",
        "-1",
        "SIG9",
        "RTMIN+15",
        "RTMIN+16",
        "INFO",
        "SIGTERM # x",
        "$X",
        '""',
        "+5",
    ]
)

_DURATION = st.builds(
    "{}{}".format,
    st.sampled_from(["1", "0", "-1", "1.5", ".5", "1e3", "", "+2"]),
    st.sampled_from(["s", "ms", "us", "m", "h", "", "S", "d", "m30s"]),
)

_HEALTH_FLAG = st.one_of(
    st.builds(
        "--{}={}".format,
        st.sampled_from(["interval", "timeout", "start-period", "start-interval"]),
        _DURATION,
    ),
    st.builds("--retries={}".format, st.sampled_from(["3", "0", "-1", "x", "", "99999999999"])),
    st.sampled_from(["--interval", "--retries", "--often=1s"]),
)

_COPY_FLAG = st.sampled_from(
    [
        *("--chown=app", "--chown=app:staff", "--chown=nobody", "--chown=0:nobody", "--chown=$X:$X"),
        *("--chown=0", "--chown=0:0", "--chown", "--link", "--link=false", "--link=yes", "--link=TRUE"),
        *("--chmod=644", "--chmod=999", "--chmod=u+x", "--chmod=x", "--x", "--from", "--from=No:where"),
        *("--from=$NONE", "--from=a=b"),  # a number that is no stage ends the service of Podman since 4.2
    ]
)

HEREDOC = st.builds(
    "ONBUILD RUN {} <<{}".format,
    st.lists(
        st.sampled_from(
            [
                *(
                    "a",
                    "$X",
                    "${X}",
                    "${X:-a}",
                    "${X+a}",
                    "${X:0:1}",
                    "${X#a}",
                    "${X:%a}",
                    "${X/a/b}",
                    "${X/a}",
                ),
                *(
                    "${X^^}",
                    "'${X^^}'",
                    '"${X^^}"',
                    "\\${X^^}",
                    '"',
                    "${",
                    "$(a ${#X})",
                    "$((1 << 2))",
                    "${X#${X",
                ),
            ]
        ),
        max_size=2,
    ).map(" ".join),
    st.sampled_from(
        ["EOF", "EOF", "EOF", "-EOF", '"EOF"', "${NONE:-EOF}", "EOF ${X:-<<EOF}", " EOF", "\tEOF"]
    ),
)
"""A trigger that announces a here-document, or nothing where its line cannot be read."""

FROM_FLAGS = st.builds(
    "--platform={}".format,
    st.sampled_from(
        ["$X", "$BUILDPLATFORM", "${X:-amd64}", "linux", "linux/amd64", "a/b/c/d", "pdp11", "${"]
    ),
)
"""A flag of FROM. No value is another platform than that of the images of the case."""

_PATHS = st.sampled_from(
    [
        *("Dockerfile /data", "Dockerfile /data", "Dockerfile /data/", '["Dockerfile", "/data"]'),
        *(
            '["Dockerfile", "/data"] # x',
            '"Dockerfile /data',
            "[Dockerfile /data",
            "Dockerfile ${X",
            "Dockerfile",
        ),
        *("Dockerfile Dockerfile /data", "Dockerfile Dockerfile /data/", "[a-]x /data", "[]x] /data"),
    ]
)


def _joined(keyword: str, words: st.SearchStrategy[str], most: int = 2) -> st.SearchStrategy[str]:
    return st.lists(words, min_size=1, max_size=most).map(lambda each: f"{keyword} {' '.join(each)}")


ARGUMENTS = st.one_of(
    _joined("ENV", _PAIR),
    _joined("LABEL", _PAIR),
    _joined("ARG", _PAIR, most=1),
    st.builds("LABEL x {}".format, _WORD),
    _joined("EXPOSE", _PORT),
    st.builds("STOPSIGNAL {}".format, _SIGNAL),
    st.builds(
        "{} {}".format,
        st.sampled_from(["VOLUME", "WORKDIR"]),
        st.sampled_from(["/data", "$X", '"/data', '""']),
    ),
    st.builds("USER {}".format, _WORD),
    st.builds("VOLUME {}".format, st.sampled_from(['["/data"]', '["$NONE"]', '["/data"', "['/data']"])),
    st.builds("HEALTHCHECK {} CMD a".format, st.lists(_HEALTH_FLAG, min_size=1, max_size=2).map(" ".join)),
    st.builds("COPY {} {}".format, st.lists(_COPY_FLAG, max_size=2, unique=True).map(" ".join), _PATHS),
)
"""A line whose arguments are checked, before the build or when it is reached."""
