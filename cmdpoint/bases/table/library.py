"""Read the library of Docker's official images: which commit of which repository each tag is built from.

Source: docker-library/official-images, "Instruction format" in its README.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Build:
    """What the tags of an entry are built from, on linux/amd64.

    Attributes:
        repository: The repository on GitHub, as `owner/name`, or the URL of another one.
        commit: The commit.
        branch: The ref that has the commit.
        folder: The folder.
        file: The file in it: a Dockerfile, or the `index.json` of an OCI layout.
    """

    repository: str
    commit: str
    branch: str
    folder: str
    file: str

    @property
    def path(self) -> str:
        """The path of the file."""
        return "/".join(each for each in (self.folder.strip("/"), self.file) if each not in ("", "."))


_FIELD: Final = re.compile(r"^([A-Za-z0-9-]+):(.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)


def builds(text: str) -> Iterator[tuple[str, Build]]:
    """The tags of a library file, each with its build.

    Args:
        text: The file `library/NAME`.
    """
    paragraphs = re.split(
        r"\n(?:[ \t]*\n)+", "\n".join(re.sub(r"^#.*", "", text, flags=re.MULTILINE).split("\n"))
    )
    common: dict[str, str] = {}
    for paragraph in paragraphs:
        fields = {name: " ".join(value.split()) for name, value in _FIELD.findall(paragraph)}
        if "Tags" not in fields:
            common |= fields
            continue
        fields = {**common, **fields}
        if "amd64" in fields.get("Architectures", "amd64").replace(",", " ").split():
            build = _build(fields)
            for tag in f"{fields['Tags']}, {fields.get('SharedTags', '')}".split(","):
                if tag.strip():
                    yield tag.strip(), build


def _build(fields: dict[str, str]) -> Build:
    def field(name: str, default: str) -> str:
        return fields.get(f"amd64-{name}", fields.get(name, default))

    repository = re.sub(r"^https://github\.com/|\.git$|/$", "", field("GitRepo", ""))
    branch = field("GitFetch", "HEAD").removeprefix("refs/heads/").removeprefix("refs/tags/")
    return Build(
        repository, field("GitCommit", ""), branch, field("Directory", "."), field("File", "Dockerfile")
    )
