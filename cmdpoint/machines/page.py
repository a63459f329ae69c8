"""The page of all records in a folder, and its chart, which shows the first record."""

import json
from pathlib import Path
from typing import Any

from cmdpoint.machines.chart import chart
from cmdpoint.machines.claims import machine_rules
from cmdpoint.machines.table import markdown


def records_in(folder: Path) -> list[dict[str, Any]]:
    """The records in a folder, the oldest first."""
    found = [json.loads(path.read_text("utf-8")) for path in folder.glob("machines-*.json")]
    return sorted(found, key=lambda record: str(record["date"]))


def write_page(folder: Path) -> None:
    """Write `machines.md` and `machines.svg` from the records in a folder."""
    records = records_in(folder)
    text = markdown(records, machine_rules())
    page = f"# A container and a virtual machine\n\n![Start, memory and size](machines.svg)\n\n{text}"
    (folder / "machines.md").write_text(page, "utf-8")
    (folder / "machines.svg").write_text(chart(records[0]), "utf-8")
