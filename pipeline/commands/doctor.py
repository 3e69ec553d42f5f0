"""`newswire doctor`: looks at everything that must be right, and says what to do where it is not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.common import err, out, plain, script_json, settings_of

if TYPE_CHECKING:
    from pipeline.operations.findings import Finding

STYLES = {"ok": "green", "warning": "yellow", "error": "bold red", "skipped": "dim"}


def register(app: typer.Typer) -> None:
    """Add `doctor` to the command line."""
    app.command()(doctor)


def doctor(
    context: typer.Context,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only what is not as it should be.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Report as one JSON object.")] = False,
) -> None:
    """Check versions, servers, topics, templates, aliases, clocks, disks, rights, the model and our files.

    Each finding has a severity and the next command to type. Nothing is changed; to read the broker's clock, a topic
    is made and deleted again.

    Exit status: 0 nothing is wrong (warnings may be), 1 something is.
    """
    settings = settings_of(context)
    from pipeline.operations import check_host, check_index, check_kafka
    from pipeline.operations.findings import Severity, run

    found: list[Finding] = []
    for finding in run((*check_host.CHECKS, *check_kafka.CHECKS, *check_index.CHECKS), settings):
        found.append(finding)
        if not as_json and not (quiet and finding.severity in (Severity.OK, Severity.SKIPPED)):
            _print(finding)
    counts = Counter(str(finding.severity) for finding in found)
    healthy = not counts[Severity.ERROR]
    if as_json:
        import msgspec

        out.print(script_json({"healthy": healthy, "findings": msgspec.to_builtins(found)}), markup=False)
    else:
        err.print(", ".join(f"{counts[severity]} {severity}" for severity in STYLES if counts[severity]))
    if not healthy:
        raise typer.Exit(1)


def _print(finding: Finding) -> None:
    from rich.text import Text

    line = Text.assemble((f"{finding.severity:<9}", STYLES[finding.severity]), f"{finding.check}: ")
    line.append(plain(finding.message))
    if finding.next:
        line.append("  next: ", "bold").append(plain(finding.next))
    out.print(line)
