"""The page `machines.md` of the records, and its chart, which shows the first record."""

from pathlib import Path

from cmdpoint.machines.chart import chart
from cmdpoint.machines.claims import machine_rules
from cmdpoint.machines.comparison import comparison
from cmdpoint.machines.records import RECORDED, records_in, repeated_records
from cmdpoint.machines.table import markdown


def write_page(folder: Path, recorded: Path = RECORDED) -> None:
    """Write `machines.md` and `machines.svg`.

    Args:
        folder: Where they are written.
        recorded: The folder with the records.
    """
    records, rules = records_in(recorded), machine_rules()
    text = markdown(records, rules)
    for old, new in repeated_records(recorded):
        text += f"\n{comparison(old, new, rules)}"
    page = f"# A container and a virtual machine\n\n![Start, memory and size](machines.svg)\n\n{text}"
    (folder / "machines.md").write_text(page, "utf-8")
    (folder / "machines.svg").write_text(chart(records[0]), "utf-8")
