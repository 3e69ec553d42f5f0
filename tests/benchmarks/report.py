"""What a benchmark found: tables as text, Markdown, JSON, and one picture."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table as RichTable

Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """One measurement: rows under named columns, and what is to be reached, said in words."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    command: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)  # for other tables, and for scripts

    def markdown(self) -> str:
        """A section of a page."""
        lines = [f"## {self.title}", ""]
        lines += ["| " + " | ".join(self.columns) + " |", "|" + "---|" * len(self.columns)]
        lines += ["| " + " | ".join(text(cell) for cell in row) + " |" for row in self.rows]
        if self.note:
            lines += ["", self.note]
        return "\n".join([*lines, ""])

    def show(self, console: Console) -> None:
        """On the terminal."""
        table = RichTable(title=self.title, title_justify="left")
        for number, column in enumerate(self.columns):
            table.add_column(column, justify="left" if number == 0 else "right")
        for row in self.rows:
            table.add_row(*(text(cell) for cell in row))
        console.print(table)
        if self.note:
            console.print(self.note, style="dim")


def text(cell: Cell) -> str:
    """A cell as people read it: thousands with commas, at most three significant digits after the point."""
    if cell is None:
        return "-"
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, float):
        return f"{cell:,.0f}" if abs(cell) >= 100 else f"{cell:.1f}" if abs(cell) >= 10 else f"{cell:.2f}"
    return cell


def machine() -> dict[str, Cell]:
    """The size of this machine and the commit measured, without names of either."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return {
        "cores": os.cpu_count(),
        "memory GB": round(psutil.virtual_memory().total / 1e9),
        "Python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "commit": commit.stdout.strip() or None,
        "load before": round(os.getloadavg()[0], 1),
    }


def write(folder: Path, tables: Sequence[Table], *, about: Mapping[str, Cell]) -> None:
    """report.md, report.json and report.png."""
    folder.mkdir(parents=True, exist_ok=True)
    head = ", ".join(f"{name} {text(value)}" for name, value in about.items())
    page = ["# Benchmark", "", head, "", "![the figures as a picture](report.png)", ""]
    (folder / "report.md").write_text("\n".join([*page, *(table.markdown() for table in tables)]), encoding="utf-8")
    everything = {"machine": about, "tables": [asdict(table) for table in tables]}
    (folder / "report.json").write_text(json.dumps(everything, indent=2, ensure_ascii=False), encoding="utf-8")
    picture(folder / "report.png", tables)


def picture(file: Path, tables: Sequence[Table]) -> None:
    """A panel for each table that names its bars or lines in `figures["bars"]` or `figures["lines"]`."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    drawn = [table for table in tables if {"bars", "lines"} & table.figures.keys()]
    if not drawn:
        return
    across = 2
    down = -(-len(drawn) // across)
    figure, axes = pyplot.subplots(down, across, figsize=(13, 3.6 * down), squeeze=False, layout="constrained")
    for axis in axes.flat[len(drawn) :]:
        axis.remove()
    for axis, table in zip(axes.flat, drawn, strict=False):
        axis.set_title(table.title, loc="left", fontsize=9)
        axis.spines[["top", "right"]].set_visible(False)
        if bars := table.figures.get("bars"):
            shown = axis.barh(list(bars), list(bars.values()), color="#3b6ea5")
            axis.bar_label(shown, labels=[text(value) for value in bars.values()], padding=3, fontsize=8)
            axis.invert_yaxis()
            axis.margins(x=0.15)
        for name, (across_values, values) in table.figures.get("lines", {}).items():
            axis.plot(across_values, values, marker="o", markersize=3, label=name)
        if "lines" in table.figures:
            axis.set_xscale(table.figures.get("scale", "linear"))
            axis.set_ylim(bottom=0)  # after all lines: it fixes the top as well
            axis.legend(fontsize=8, frameon=False)
        axis.set_xlabel(table.figures.get("x", ""), fontsize=8)
        axis.set_ylabel(table.figures.get("y", ""), fontsize=8)
        axis.tick_params(labelsize=8)
    figure.savefig(file, dpi=110)
    pyplot.close(figure)
