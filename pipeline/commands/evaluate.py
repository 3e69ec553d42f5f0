"""`newswire evaluate`: scores of the enrichment on annotated texts in public formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.common import out

_app = typer.Typer(help="Score the enrichment on annotated texts in public formats.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add `evaluate` to the command line."""
    app.add_typer(_app, name="evaluate")


@_app.callback()
def _group() -> None:
    """Score the enrichment on annotated texts in public formats."""


@_app.command()
def timex(
    folder: Annotated[Path, typer.Argument(help="A folder of TimeML files (.tml).")],
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
    worst: Annotated[int, typer.Option(min=0, help="How many of the commonest errors of each kind to show.")] = 10,
) -> None:
    """Score time expressions as TempEval-3 does: strict, relaxed, type and value, each with precision, recall, F1."""
    from pipeline.evaluation import timex as scorer

    report = scorer.evaluate(scorer.documents(folder))
    errors = {kind: found[:worst] for kind, found in scorer.confusions(report).items()}
    if as_json:
        scores = {
            measure: dict(zip(("precision", "recall", "f1"), map(_rounded, report.scores(measure)), strict=True))
            for measure in scorer.MEASURES
        }
        counts = {"documents": report.documents, "key": report.keys, "found": report.ours}
        out.print_json(json.dumps({**counts, "scores": scores, "errors": errors}))
        return
    out.print(f"{report.documents} documents, {report.keys} expressions in the key, {report.ours} found")
    out.print(f"{'':8}  precision  recall      F1")
    for measure in scorer.MEASURES:
        precision, recall, f1 = (100 * score for score in report.scores(measure))
        out.print(f"{measure:8}  {precision:9.1f}  {recall:6.1f}  {f1:6.1f}")
    for kind, found in errors.items():
        if found:
            out.print(f"\n{kind}:")
        for count, what in found:
            out.print(f"{count:5}  {what}", markup=False)


def _rounded(score: float) -> float:
    return round(score, 4)
