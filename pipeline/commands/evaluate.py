"""`newswire evaluate`: scores of the enrichment on annotated texts in public formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.common import out, settings_of

if TYPE_CHECKING:
    from pipeline.evaluation.scores import Counts

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


@_app.command()
def entities(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file in CoNLL columns: token first, tag last.")],
    every: Annotated[bool, typer.Option("--all", help="Tables and headlines too, not running text alone.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
    worst: Annotated[int, typer.Option(min=0, help="How many of the commonest confusions to show.")] = 10,
) -> None:
    """Score people, organisations and places: exact span and type, as CoNLL does, each with precision, recall, F1."""
    from pipeline.enrich.enricher import Enricher
    from pipeline.evaluation import conll
    from pipeline.evaluation import entities as scorer

    articles = conll.read(file)
    report = scorer.evaluate(Enricher(settings_of(context).enrichment).nlp, articles, prose=not every)
    rows = {**report.by_type, "all": report.total}
    confusions = report.confusions.most_common(worst)
    if as_json:
        scores = {label: _scores(counts) for label, counts in rows.items()}
        listed = [{"annotated": gold, "found": ours, "count": count} for (gold, ours), count in confusions]
        out.print_json(json.dumps({"articles": len(articles), "scores": scores, "confusions": listed}))
        return
    out.print(f"{len(articles)} articles, {'all text' if every else 'running text'}")
    _table(rows)
    for (gold, ours), count in confusions:
        out.print(f"\n{count:5}  annotated {gold}, found {ours}:", markup=False)
        for example in report.examples[gold, ours]:
            out.print(f"       {example}", markup=False)


@_app.command()
def quotations(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(help="A folder with text/*.txt and attributions/*.ann (brat), as PolNeAR.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
    worst: Annotated[int, typer.Option(min=0, help="How many errors of each kind to show.")] = 5,
) -> None:
    """Score direct quotations and their speakers; precision: those of ours that touch no annotation are wrong."""
    from pipeline.enrich.enricher import Enricher
    from pipeline.evaluation import quotations as scorer

    articles = scorer.read(folder)
    report = scorer.evaluate(Enricher(settings_of(context).enrichment).nlp, articles)
    measures = {
        "found": (report.found.recall, report.found.right, report.found.gold),
        "right_speaker": (report.speakers.recall, report.speakers.right, report.speakers.gold),
        "precision": (report.precise.precision, report.precise.right, report.precise.found),
        "precision_indirect": (
            report.indirect_precise.precision, report.indirect_precise.right, report.indirect_precise.found,
        ),
    }  # fmt: skip
    if as_json:
        scores = {
            name: {"score": round(score / 100, 4), "right": right, "of": of}
            for name, (score, right, of) in measures.items()
        }
        out.print_json(json.dumps({"articles": len(articles), "scores": scores, "errors": dict(report.errors)}))
        return
    out.print(f"{len(articles)} articles")
    for name, (score, right, of) in measures.items():
        out.print(f"{name.replace('_', ' '):20} {score:5.1f}  ({right} of {of})")
    for kind, count in report.errors.most_common():
        out.print(f"\n{count:5}  {kind}:", markup=False)
        for example in [text for one, text in report.examples if one == kind][:worst]:
            out.print(f"       {example[:300]}", markup=False)


def _table(rows: dict[str, Counts]) -> None:
    out.print(f"{'':8}  precision  recall      F1")
    for label, counts in rows.items():
        out.print(f"{label:8}  {counts.precision:9.1f}  {counts.recall:6.1f}  {counts.f1:6.1f}")


def _scores(counts: Counts) -> dict[str, float]:
    return {
        "precision": _rounded(counts.precision / 100),
        "recall": _rounded(counts.recall / 100),
        "f1": _rounded(counts.f1 / 100),
    }


def _rounded(score: float) -> float:
    return round(score, 4)
