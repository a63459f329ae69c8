"""The chart of a record: start, memory and size of a process, containers and a virtual machine, as SVG."""

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final
from xml.sax.saxutils import escape

from cmdpoint.machines.measured import figure
from cmdpoint.machines.table import FIGURES, columns, heading

DECADE: Final = 10.0
ROW: Final = 24

# The colours differ in lightness too, for print. Nothing is loaded from elsewhere.
STYLE: Final = """
text { font: 13px sans-serif; fill: #222 } .title { font-weight: bold } .note { font-size: 10px }
.host { fill: #d3dff0 } .container { fill: #8fb3de } .sandbox { fill: #4f84c4 } .machine { fill: #1c3f73 }
rect { stroke: #222; stroke-width: .5 } .back { fill: #fff; stroke: none }
@media (prefers-color-scheme: dark) {
  text { fill: #eee } rect { stroke: #eee } .back { fill: #14181c } .machine { fill: #8f6fd0 }
}
"""


def chart(record: Mapping[str, Any]) -> str:
    """The chart of a record; the scale is logarithmic, and each bar has its figure."""
    machine = "VM, emulated" if record["acceleration"] == "tcg" else "VM"
    short = {"container": "container", "sandbox": "with gVisor", "machine": machine}
    names = {"host": "process"} | {each: short[each] for each in columns(record)}
    panel = 28 + ROW * len(names)
    lines = list(_panels(record, names, panel))
    notes = ["logarithmic scale", *heading(record).split("; ")]
    y = 20 + 3 * panel
    lines += [f'<text class="note" x="8" y="{y + 14 * at}">{escape(n)}</text>' for at, n in enumerate(notes)]
    height = y + 14 * len(notes)
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 {height}" width="400" role="img">'
    title = "<title>Start, memory and size of a process, containers and a virtual machine</title>"
    back = '<rect class="back" width="100%" height="100%"/>'
    return "\n".join([opening, title, f"<style>{STYLE}</style>", back, *lines, "</svg>", ""])


def _panels(record: Mapping[str, Any], names: Mapping[str, str], height: int) -> Iterator[str]:
    y = 20
    for key, title, factor, unit in FIGURES:
        if key == "loop":
            continue
        values = {column: record["values"][column][key] * factor for column in names}
        low, high = min(values.values()) / DECADE, max(values.values())
        yield f'<text class="title" x="8" y="{y}">{escape(title)}</text>'
        for row, (column, value) in enumerate(values.items()):
            top = y + 8 + row * ROW
            width = 170 * math.log(value / low) / math.log(high / low)
            yield f'<text x="8" y="{top + 14}">{escape(names[column])}</text>'
            yield f'<rect class="{column}" x="105" y="{top}" width="{width:.1f}" height="18"/>'
            yield f'<text x="{110 + width:.1f}" y="{top + 14}">{figure(value)} {unit}</text>'
        y += height
