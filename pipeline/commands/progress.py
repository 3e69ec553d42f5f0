"""How commands show what the local stack is doing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn


class ConsoleReport:
    """Tells a console: a line a step, a bar a download. Implements `pipeline.local.report.Report`."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def step(self, message: str) -> None:
        """One line."""
        self._console.print(message, markup=False, style="dim")

    @contextmanager
    def download(self, label: str, total: int) -> Iterator[Callable[[int], None]]:
        """A bar with bytes, speed and time left; one line where the console is no terminal."""
        if not self._console.is_terminal:
            self.step(f"fetching {label}: {total / 1e6:.0f} MB")
            yield lambda count: None
            return
        columns = (
            TextColumn("fetching {task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self._console) as progress:
            task = progress.add_task(label, total=total)
            yield lambda count: progress.advance(task, count)
