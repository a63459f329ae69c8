"""Which examples of the specification the oracle contradicts, without an engine; in a right oracle none."""

from collections import Counter
from collections.abc import Iterable

from cmdpoint.oracle.comparison import expected_at
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.predict import predict
from cmdpoint.spec.example import Example
from cmdpoint.spec.expectation import as_text, matches
from cmdpoint.spec.rule import Rule


def contradicted(rules: Iterable[Rule], dialect: Dialect) -> list[str]:
    """The rules with such examples, those with the most first, each with their number, as `LEX-22 (2 of 3)`.

    Args:
        rules: The rules.
        dialect: The dialect that the oracle predicts.
    """
    totals: dict[str, int] = {}
    wrong: Counter[str] = Counter()
    for rule in rules:
        examples = [each for each in rule.examples if each.applies(dialect)]
        totals[rule.id] = len(examples)
        wrong[rule.id] = sum(not _is_predicted(each, dialect) for each in examples)
    return [f"{rule} ({count} of {totals[rule]})" for rule, count in wrong.most_common() if count]


def _is_predicted(example: Example, dialect: Dialect) -> bool:
    expected = example.expected(dialect)
    prediction = predict(example.case, dialect)
    if expected is None or not prediction.is_settled:
        return True
    return matches(expected, as_text(expected_at(example.level, prediction)))
