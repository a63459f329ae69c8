"""What to write for a pod or a service, whose words cmdpoint does not read."""

from typing import Final

POD: Final = (
    "write what the pod has as a docker run line: the first word of its command to --entrypoint, the other "
    "words and its args behind the image, as in cmdpoint explain -- docker run --entrypoint sh IMAGE "
    "-c 'echo hi' ARGS...; write the value for $(NAME), which Kubernetes replaces"
)
"""What to do about a pod."""

COMPOSE: Final = (
    "write what the service has as a docker run line: the first word of its entrypoint to --entrypoint, the "
    "other words and its command, or the words behind the service in `compose run`, behind the image, as in "
    "cmdpoint explain -- docker run --entrypoint sh IMAGE -c 'echo hi' COMMAND...; write $ for $$, and the "
    "value for $NAME, which Compose replaces"
)
"""What to do about a service."""
