"""The result of `cmdpoint upgrade` as text for a terminal: by cause, then by file."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from cmdpoint.cli import image_format
from cmdpoint.cli.colour import paint
from cmdpoint.findings.finding import Finding
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.changes import Change, changes
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.front_ends import front_end as described
from cmdpoint.oracle.explain import notation
from cmdpoint.upgrade.change_text import outcome_text, source_lines, value_lines
from cmdpoint.upgrade.compare import Difference
from cmdpoint.upgrade.difference_kind import ARGUMENT, Kind
from cmdpoint.upgrade.report import FileReport, UpgradeReport

HEADLINES: Final[dict[Kind, tuple[str, str]]] = {
    "runs": ("runs something else", "run something else"),
    "refused": ("no longer builds", "no longer build"),
    "accepted": ("builds only after the upgrade", "build only after the upgrade"),
    "config": (
        "runs the same, but differs with arguments or as a base",
        "run the same, but differ with arguments or as a base",
    ),
}
"""The kinds of differences in words, for one file and for several; the most serious first."""


def render(found: UpgradeReport, titles: Mapping[str, str]) -> str:
    """Return the text.

    Args:
        found: The comparison of the files.
        titles: The rules' titles by id.
    """
    # The first ten lines are to have a file, its line, what changes, and a fix.
    lines = [f"{found.before} → {found.after}", *_summary(found)]
    groups: dict[tuple[str, ...], list[tuple[FileReport, Difference]]] = {}
    for file in found.files:
        for difference in file.differences:
            needed = {cause.behaviour for cause in difference.causes}
            causes = tuple(name for name in behaviours() if name in needed)
            groups.setdefault(causes, []).append((file, difference))
    known = {change.name: change for change in changes(found.before, found.after)}
    for names, members in groups.items():
        behind = [known[name] for name in names]
        lines += ["─" * 8, *_causes(behind)]
        for at, (file, difference) in enumerate(members):
            lines += ["" for _ in range(min(at, 1))]
            lines += _difference(file, difference, found.before.engine)
        lines += _sources(behind, members, found, titles)
    for file in found.reread:
        for each in file.reread:
            lines += ["", *_reread(file.name, each)]
    lines += list(caveats(found))
    return "".join(f"{line}\n" for line in lines)


def _summary(found: UpgradeReport) -> Iterator[str]:
    several = "1 Dockerfile" if len(found.files) == 1 else f"{len(found.files)} Dockerfiles"
    if not found.files:
        return
    if not found.changed:
        condition = ", if podman build has --format docker" if found.with_losses else ""
        yield f"Of {several}, none {'is known to change' if found.unknown else 'changes'}{condition}."
    else:
        verb = "changes:" if len(found.changed) == 1 else "change:"
        # Each file counts once, by its most serious difference; --every-stage may show several.
        most_serious = [
            min((each.kind for each in file.differences), key=list(HEADLINES).index) for file in found.changed
        ]
        counts = Counter(most_serious)
        texts = [
            f"{counts[kind]} {of_one if counts[kind] == 1 else of_several}"
            for kind, (of_one, of_several) in HEADLINES.items()
            if counts[kind]
        ]
        first, *others = [" ".join(texts)] if len(texts) == 1 else ["", *texts]
        yield f"Of {several}, {len(found.changed)} {verb} {first}".rstrip()
        yield from (f"  {each}" for each in others)
    if found.reread:
        verb = "reads" if len(found.reread) == 1 else "read"
        yield f"  {len(found.reread)} {verb} another instruction differently (see below)"
    if found.unknown:
        yield f"  {len(found.unknown)} unknown: base images that are not given decide (see below)"
    for file in found.files:
        if file.refused is not None:
            yield from notation.fold(
                f"{notation.visible(file.name)} builds with neither: {outcome_text(file.refused)}", "  "
            )


def _causes(causes: Iterable[Change]) -> Iterator[str]:
    """The lines above the differences of one cause, or of several together."""
    for at, change in enumerate(causes):
        if at:
            yield "together with"
        yield from notation.fold(behaviours()[change.name].subject)
        for line in value_lines(change):
            yield from notation.fold(line, "  ", "      ")


def _sources(
    causes: Iterable[Change],
    members: list[tuple[FileReport, Difference]],
    found: UpgradeReport,
    titles: Mapping[str, str],
) -> Iterator[str]:
    """The lines below the differences: what changed the behaviours, and their rules."""
    yield ""
    for change in causes:
        for line in source_lines(change, found.before, found.after):
            yield from notation.fold(line, "  ", "      ")
        shown = (c.rule for _, each in members for c in each.causes if c.behaviour == change.name)
        for rule in dict.fromkeys(shown):
            yield from notation.fold(f"{rule}  {titles.get(rule, '')}".rstrip(), "  ", " " * 11)


def _difference(file: FileReport, difference: Difference, client: str) -> Iterator[str]:
    stage = "" if difference.stage is None else f", stage {notation.visible(difference.stage)}"
    yield from notation.fold(
        f"{notation.visible(file.name)}{stage} {HEADLINES[difference.kind][0]}", "  ", "      "
    )
    for cause in difference.causes:
        if cause.line is not None:
            source = notation.source_line(difference.case, difference.case.images[-1].name, cause.line)
            yield from notation.fold(f"line {cause.line} ({cause.rule}): {source}", "    ", "        ")
    if difference.fix is not None:
        line, text = difference.fix
        yield from _fix(line, text)
    before, after = difference.before, difference.after
    if difference.kind == "config":
        assert before.config is not None
        assert after.config is not None
        one, other = notation.config_lists(before.config), notation.config_lists(after.config)
        for key, words in one.items():
            if words != other[key]:
                yield from _pair(key, notation.words_json(words), notation.words_json(other[key]))
    else:
        yield from _pair("", outcome_text(before.outcome), outcome_text(after.outcome))
    if difference.with_argument is not None:
        yield from _pair(f"{client} run IMAGE {ARGUMENT}", *map(outcome_text, difference.with_argument))


def _reread(name: str, finding: Finding) -> Iterator[str]:
    where = f"{name}:{finding.shown_line}:{finding.column}"
    yield from notation.fold(notation.visible(f"{where}: {finding.rule}: {finding.message}"), "", "  ")
    if finding.fix is not None:
        yield from _fix(finding.line, finding.fix.text)


def _fix(line: int | None, text: str) -> Iterator[str]:
    for each in notation.fold(notation.visible(text), f"    fix, line {line}: "):
        yield paint(each, "green")


def _pair(what: str, before: str, after: str) -> Iterator[str]:
    indent = "    "
    if what:
        yield f"{indent}{what}"
        indent += "  "
    yield from notation.fold(before, f"{indent}before  ")
    yield from notation.fold(after, f"{indent}after   ")


def caveats(found: UpgradeReport) -> Iterator[str]:
    """Yield the paragraphs about assumptions, and about what the comparison ignores."""
    yield from doubts(found.before, found.after)
    by_loss: dict[tuple[str, ...], list[str]] = {}
    for file in found.with_losses:
        by_loss.setdefault(file.lost, []).append(file.name)
    for keys, files in by_loss.items():
        yield from _paragraph(f"{image_format.sentence(keys)} This concerns {_some(files)}.")
    by_need: dict[str, list[str]] = {}
    for file in found.unknown:
        for base in file.needs:
            by_need.setdefault(str(base), []).append(file.name)
    for need, files in by_need.items():
        yield from _paragraph(f"Unknown: {_some(files)} depends on {notation.visible(need)}.")
    if found.unknown:
        yield from _paragraph(
            "To find out, pass the config of each of these images with --base NAME=@FILE, where FILE has the "
            "output of `docker image inspect NAME`."
        )
    if found.skipped:
        skipped = [f"{each.path} ({each.reason})" for each in found.skipped]
        yield from _paragraph(f"Skipped, no Dockerfiles: {_some(skipped)}.")
    if found.not_covered:
        named = [f"{path} ({reason})" for path, reason in found.not_covered.items()]
        yield from _paragraph(f"Not covered: {_some(named)}.")
    if found.unused:
        names = ", ".join(map(notation.visible, found.unused))
        yield from _paragraph(f"Not used: --base {names}. No file builds on an image of that name.")
    for name, files in found.front_ends.items():
        line = f"# syntax={notation.visible(name)} in {_some(files)}"
        if described(name.partition(" ")[0]).releases:
            yield from _paragraph(f"{line}: that front end reads the file with any version of BuildKit.")
            continue
        yield from _paragraph(
            f"Not followed: {line}. BuildKit downloads that front end to read the file. This report is about "
            "the engine's own front end."
        )


def doubts(before: Dialect, after: Dialect) -> Iterator[str]:
    """Yield a paragraph for each dialect that is not verified."""
    for dialect in (before, after):
        if not dialect.verified:
            yield from _paragraph(f"Not verified: {dialect} is newer than every engine that was tested.")


def _some(files: list[str]) -> str:
    """At most three names of files."""
    more = f" and {len(files) - 3} more" if len(files) > 3 else ""
    return ", ".join(map(notation.visible, files[:3])) + more


def _paragraph(text: str) -> Iterator[str]:
    yield ""
    yield from notation.fold(text)
