"""Each fix that is shown is right: applied, it leaves no error or warning, and loses nothing."""

import json
from collections.abc import Sequence

import pytest

from cmdpoint.bases.result import certain
from cmdpoint.findings.confirm import WARNING
from cmdpoint.findings.find import findings
from cmdpoint.findings.finding import Finding, Source
from cmdpoint.oracle.case import Case, Image, ImageConfig
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.files import ROOT, File
from tests.corpus import FOLDER, REPORTS

DEBIAN = "FROM debian\n"


def found(
    dockerfile: str, base: ImageConfig | None = None, files: dict[str, File] | None = None
) -> list[Finding]:
    """The findings about a Dockerfile whose base is known."""
    case = Case((Image("Dockerfile", dockerfile, context=None if files is None else tuple(files.items())),))
    answer = certain(case, Dialect.newest(), {"debian": base or ImageConfig()})
    return findings(case, Dialect.newest(), answer, most=None)


def fixes(dockerfile: str, base: ImageConfig | None = None) -> list[str]:
    """The fixes that are shown, the most serious first."""
    return list(dict.fromkeys(each.fix.text for each in found(dockerfile, base) if each.fix is not None))


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        ('CMD ["node", "x", "&"]', ['CMD ["node", "x"]']),
        ('CMD "java -jar app.jar"', ['CMD ["java", "-jar", "app.jar"]']),
        ("CMD exec 'java -jar app.jar'", ['CMD ["java", "-jar", "app.jar"]']),
        ("CMD ['node', '$WORD']", ['CMD ["/bin/sh", "-c", "exec node $WORD"]']),
        (
            'ENTRYPOINT ["java", "$JAVA_OPTS", "-jar", "a"]',
            ['ENTRYPOINT ["/bin/sh", "-c", "exec java $JAVA_OPTS -jar a \\"$@\\"", "sh"]'],
        ),
        (
            'ENTRYPOINT ["a b && c"]',
            ['ENTRYPOINT ["/bin/sh", "-c", "a b && c \\"$@\\"", "sh"]'],
        ),
        ("ENTRYPOINT a; b", ["ENTRYPOINT a; exec b"]),
        ('ENTRYPOINT ["a", "&&", "b"]', []),
        ("CMD node x &&", []),
        ("CMD a;; b", []),
        ("CMD echo 'open", []),
        ('CMD ["sh", "-c", "a ||"]', []),
    ],
)
def test_the_fixes_of_an_instruction(lines: str, shown: Sequence[str]) -> None:
    """A fix about which something would be found is not shown, but the fix of that."""
    assert fixes(f"{DEBIAN}{lines}\n") == list(shown)
    for fix in shown:
        assert [each.message for each in found(f"{DEBIAN}{fix}\n") if each.weight <= WARNING] == []


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        ("CMD /server --addr $ADDR", []),
        ("CMD /server --addr a", ['CMD ["/server", "--addr", "a"]']),
        ('CMD ["/server", "$ADDR"]', []),
    ],
)
def test_scratch_has_no_shell(lines: str, shown: Sequence[str]) -> None:
    """A fix that needs a shell is not shown for an image without one."""
    assert fixes(f"FROM scratch\nCOPY server /\n{lines}\n") == list(shown)


def test_another_line_is_not_replaced() -> None:
    """The CMD of a trigger of the base has no line of its own."""
    base = ImageConfig(entrypoint=("sh", "-c"), on_build=('CMD ["a", "b"]',))
    every = found(DEBIAN, base)
    assert [(each.line, each.rule, each.fix) for each in every] == [(1, "MERGE-2", None)]
    assert every[0].advice.startswith("write the whole command as one string")


def test_a_program_that_cannot_be_started() -> None:
    """The exec form of a file that is not executable is no fix."""
    files = {ROOT: File("folder"), "/m644.sh": File("script", executable=False, interpreter=("/bin/sh",))}
    every = found("FROM debian\nCOPY m644.sh /app/\nENTRYPOINT /app/m644.sh\n", files=files)
    assert "EXEC-22" in [each.rule for each in every]
    assert [each.fix for each in every if each.fix] == []


@pytest.mark.parametrize("text", ["node x &&", "a;; b", "echo 'open", "a |"])
@pytest.mark.parametrize("form", ["CMD {}", "ENTRYPOINT {}", "CMD {array}"])
def test_a_syntax_error_is_an_error(text: str, form: str) -> None:
    """It is the only thing that is said of the instruction."""
    line = form.format(text, array=json.dumps(["sh", "-c", text]))
    every = [each for each in found(f"{DEBIAN}{line}\n") if each.rule != "EXEC-21"]
    assert [(each.rule, each.weight) for each in every] == [("EXEC-20", 0)]


def test_a_shell_with_another_syntax() -> None:
    """Nothing is known about the text of fish."""
    assert "EXEC-20" not in [each.rule for each in found(f'{DEBIAN}SHELL ["fish", "-c"]\nCMD a;; b\n')]


@pytest.mark.slow
def test_every_fix_of_the_corpus() -> None:
    """Applied, a fix leaves no error or warning that it does not leave alone for want of a fix."""
    count = 0
    for path in sorted(each for each in (*FOLDER.rglob("*"), *REPORTS.rglob("*")) if each.is_file()):
        text = path.read_text("utf-8", "surrogateescape")
        before = found(text)
        known = {other.message for other in before if other.fix is None and other.weight > 1}
        for each in before:
            if each.fix is not None and each.line is not None:
                after = found(Source.read(text, Dialect.newest()).replaced(each.line, each.fix.text))
                faults = [other for other in after if other.line == each.line and other.weight <= WARNING]
                assert [other.message for other in faults if other.message not in known] == [], path
                count += 1
    assert count > 20
