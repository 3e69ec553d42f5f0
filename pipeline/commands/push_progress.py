"""The progress bar of `newswire push`: files, articles acknowledged, and what it waits for."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pipeline.feeds.push import Push

REFRESH_SECONDS = 0.2
QUIET_SECONDS = 3.0  # without an acknowledgement, after which we say that Kafka is waited for


class PushProgress:
    """Shows a `Push` while it runs; a thread of its own reads the report, so that a silent broker shows, too."""

    def __init__(self, run: Push, *, total: int, console: Console) -> None:
        self._run = run
        self._ended = threading.Event()
        self._bar = Progress(
            TextColumn("pushing"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("files"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[remark]}"),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task("push", total=total, remark="")
        self._thread = threading.Thread(target=self._follow, name="push-progress", daemon=True)

    def __enter__(self) -> Self:
        self._bar.start()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        self._bar.stop()

    def _follow(self) -> None:
        acknowledged, since = 0, time.monotonic()
        while not self._ended.wait(REFRESH_SECONDS):
            report = self._run.report
            now = time.monotonic()
            if report.articles_pushed != acknowledged or not self._run.in_flight:
                acknowledged, since = report.articles_pushed, now
            remark = f"{report.articles_pushed} articles"
            if report.refused:
                remark += f", {len(report.refused)} refused"
            if now - since > QUIET_SECONDS:
                remark += f", waiting for Kafka for {now - since:.0f} s"
            self._bar.update(self._task, completed=report.files_done, remark=remark)
