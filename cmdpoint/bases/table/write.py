"""Write the table of official images, from clones of their repositories.

    python -m cmdpoint.bases.table.write FOLDER > cmdpoint/bases/table/table.json

FOLDER has `docker-library/official-images`, and the repositories that its files name, each as a git clone
with its whole history: a bare one or not, in `owner/name` or `owner+name`. For each image of `IMAGES`, the
newest listing of each tag counts whose commit, or else branch, the clone has. The config is predicted from
the Dockerfile there; the table has the commit that was read, and the date of the listing. Of tags that are no
longer listed, those of a patch release, a day or a preview are left out.
"""

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from cmdpoint.bases.faults import BadBase
from cmdpoint.bases.formats import UnreadableConfig, config_of, decode
from cmdpoint.bases.given import read_config
from cmdpoint.bases.names import reference
from cmdpoint.bases.result import result
from cmdpoint.bases.sources import Found, FoundConfigs
from cmdpoint.bases.table.library import Build, builds
from cmdpoint.bases.table.roots import ROOTS
from cmdpoint.oracle.case import Case, Image, ImageConfig
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.explain.notation import config_lists

LIBRARY: Final = "docker-library/official-images"

IMAGES: Final = (
    *("adminer", "alpine", "amazoncorretto", "amazonlinux", "bash", "buildpack-deps", "busybox", "caddy"),
    *("cassandra", "composer", "debian", "docker", "drupal", "eclipse-temurin", "elixir", "ghost", "golang"),
    *("gradle", "haproxy", "httpd", "influxdb", "mariadb", "maven", "memcached", "mongo", "mysql", "nats"),
    *("nextcloud", "nginx", "node", "openjdk", "oraclelinux", "perl", "php", "postgres", "python"),
    *("rabbitmq", "redis", "registry", "ruby", "rust", "telegraf", "tomcat", "traefik", "ubuntu"),
    *("wordpress", "zookeeper"),
)
"""The images of the table."""

_PASSING: Final = re.compile(
    r"\D*\d+\.\d+\.\d|.*\d{8}|.*-(?:ea|rc|alpha|beta)\b|\d+(?:\.\d+)?(?:rc|beta|alpha)"
)
"""Tags of a patch release, a day or a preview."""

_SINCE: Final = "2020-01-01"
"""Tags that are no longer listed since then are left out."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The newest listing of a tag.

    Attributes:
        date: The day of the newest commit of the library that lists the tag.
        build: What it is built from.
    """

    date: str
    build: Build


@dataclass(frozen=True, slots=True)
class Entry:
    """The config of a tag.

    Attributes:
        config: The config.
        source: The repository and commit that was read.
        date: The date of the listing.
    """

    config: ImageConfig
    source: str
    date: str


class Clones:
    """A folder of git clones."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; see the module."""
        self._folder = folder
        self._readers: dict[str, subprocess.Popen[bytes]] = {}

    def git(self, repository: str, *arguments: str) -> str:
        """The output of a git command; empty if it fails, or there is no clone."""
        clone = self._clone(repository)
        if clone is None:
            return ""
        done = subprocess.run(["git", "-C", str(clone), *arguments], capture_output=True, check=False)
        return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""

    def text(self, repository: str, revision: str, path: str) -> str | None:
        """A file of a revision; None if there is none."""
        clone = self._clone(repository)
        if clone is None or not revision:
            return None
        if repository not in self._readers:
            command = ["git", "-C", str(clone), "cat-file", "--batch"]
            self._readers[repository] = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        reader = self._readers[repository]
        assert reader.stdin is not None
        assert reader.stdout is not None
        reader.stdin.write(f"{revision}:{path}\n".encode())
        reader.stdin.flush()
        header = reader.stdout.readline().split()
        if len(header) != 3 or header[1] not in (b"blob", b"tree"):
            return None
        content = reader.stdout.read(int(header[2]) + 1)[:-1]
        return content.decode("utf-8", "replace") if header[1] == b"blob" else None

    def close(self) -> None:
        """End the readers."""
        for reader in self._readers.values():
            reader.communicate()

    def _clone(self, repository: str) -> Path | None:
        for name in (repository, repository.replace("/", "+"), f"{repository.replace('/', '+')}/repo"):
            clone = self._folder / name
            if (clone / "HEAD").exists() or (clone / ".git").exists():
                return clone
        return None

    def listings(self, name: str) -> dict[str, list[Listing]]:
        """The listings of each tag of an image, the newest first."""
        path = f"library/{name}"
        log = self.git(LIBRARY, "log", f"--since={_SINCE}", "--format=%H %cs", "HEAD", "--", path)
        found: dict[str, dict[Build, Listing]] = defaultdict(dict)
        for position, line in enumerate(log.splitlines()):
            commit, date = line.split()
            for tag, build in builds(self.text(LIBRARY, commit, path) or ""):
                found[tag].setdefault(build, Listing(date if position else self.date, build))
        return {tag: list(each.values()) for tag, each in found.items()}

    @property
    def date(self) -> str:
        """The day of the library's newest commit."""
        return self.git(LIBRARY, "log", "-1", "--format=%cs")

    @property
    def commit(self) -> str:
        """The library's newest commit."""
        return self.git(LIBRARY, "rev-parse", "HEAD")

    def read(self, build: Build) -> tuple[str, str] | None:
        """The commit that has the file of a build, and the file."""
        for revision in (build.commit, build.branch):
            text = self.text(build.repository, revision, build.path)
            if text is not None and revision == build.commit:
                return revision, text
            if text is not None:
                return self.git(build.repository, "rev-parse", f"{revision}^{{commit}}"), text
        return None


class Configs:
    """The configs of official images, each computed once."""

    def __init__(self, clones: Clones) -> None:
        """Take the clones."""
        self._clones = clones
        self._listings: dict[str, dict[str, list[Listing]]] = {}
        self._entries: dict[tuple[str, str], Entry | None] = {}
        self._configs: dict[Build, tuple[ImageConfig, str] | None] = {}
        self._known = FoundConfigs({}, [self])

    def entries(self, name: str) -> Iterator[tuple[str, Entry]]:
        """The tags of an image whose configs are certain."""
        for tag, listings in self._tags(name).items():
            if listings[0].date != self._clones.date and _PASSING.match(tag):
                continue
            if (entry := self.entry(name, tag)) is not None:
                yield tag, entry

    def find(self, name: str) -> Found | None:
        """The config of an official image; see `Source`."""
        found = reference(name)
        if found is None or found.domain != "docker.io" or found.digest:
            return None
        owner, _, image = found.path.rpartition("/")
        entry = self.entry(image, found.tag) if owner == "library" else None
        return None if entry is None else Found(entry.config, entry.source)

    def entry(self, name: str, tag: str) -> Entry | None:
        """The entry of a tag; None if it is not listed, or its config is not certain."""
        if (name, tag) not in self._entries:
            self._entries[name, tag] = None  # what is built on itself is not certain
            for listing in self._tags(name).get(tag, ()):
                if listing.build not in self._configs:
                    self._configs[listing.build] = self._config(name, listing.build)
                if (computed := self._configs[listing.build]) is not None:
                    self._entries[name, tag] = Entry(*computed, listing.date)
                    break
        return self._entries[name, tag]

    def _tags(self, name: str) -> dict[str, list[Listing]]:
        if name not in self._listings:
            self._listings[name] = self._clones.listings(name)
        return self._listings[name]

    def _config(self, name: str, build: Build) -> tuple[ImageConfig, str] | None:
        read = self._clones.read(build)
        if read is None:
            root = ROOTS.get(name)
            if root is None or root.repository != build.repository:
                return None
            return ImageConfig(cmd=root.cmd), root.source
        commit, text = read
        source = f"{build.repository}@{commit[:12]}"
        if build.file == "index.json":
            config = self._of_layout(replace(build, commit=commit), text)
            return None if config is None else (config, source)
        predicted = result(Case((Image(name, text),)), Dialect.newest(), self._known).config
        return (predicted, source) if isinstance(predicted, ImageConfig) else None

    def _of_layout(self, build: Build, index: str) -> ImageConfig | None:
        """The config of an OCI layout, whose blobs are in the repository."""

        def blob(descriptor: Any) -> Any:
            path = f"blobs/{descriptor['digest'].replace(':', '/')}"
            path = f"{build.folder.strip('/')}/{path}"
            mode = self._clones.git(build.repository, "ls-tree", build.commit, path)
            text = self._clones.text(build.repository, build.commit, path) or ""
            if mode.startswith("120000"):  # a link to a file with a name
                link = str((Path(path).parent / text).as_posix())
                parts: list[str] = []
                for part in link.split("/"):
                    parts = parts[:-1] if part == ".." else [*parts, part]
                text = self._clones.text(build.repository, build.commit, "/".join(parts)) or ""
            return decode(text)

        try:
            (manifest,) = json.loads(index)["manifests"]
            return read_config(config_of(blob(blob(manifest)["config"])), build.repository)
        except (ValueError, KeyError, TypeError, UnreadableConfig, BadBase):  # another form of layout
            return None


def table(folder: Path) -> dict[str, Any]:
    """The table, as `table.json` has it."""
    with closing(Clones(folder)) as clones:
        configs = Configs(clones)
        images = {name: groups for name in IMAGES if (groups := _groups(name, configs))}
        return {"date": clones.date, "source": f"{LIBRARY}@{clones.commit[:12]}", "images": images}


def _groups(name: str, configs: Configs) -> list[dict[str, Any]]:
    """The configs of an image, each with the builds that have it."""
    groups: dict[ImageConfig, dict[tuple[str, str], list[str]]] = defaultdict(lambda: defaultdict(list))
    for tag, entry in configs.entries(name):
        groups[entry.config][entry.date, entry.source].append(tag)
    return [
        {
            "config": {key: list(words) for key, words in config_lists(config).items() if words},
            "builds": [
                {"date": date, "source": source, "tags": " ".join(tags)}
                for (date, source), tags in sorted(by_source.items(), reverse=True)
            ],
        }
        for config, by_source in groups.items()
    ]


if __name__ == "__main__":
    print(json.dumps(table(Path(sys.argv[1])), indent=1))
