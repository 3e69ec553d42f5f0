"""`newswire show`: one article with its mentions, dates and quotations coloured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from pipeline.commands.common import out, plain, printable_body, script_json, settings_of

if TYPE_CHECKING:
    from pipeline.article import EnrichedArticle, Entity

STYLES = {
    "PERSON": "bold magenta",
    "ORGANIZATION": "bold blue",
    "LOCATION": "bold green",
    "NORP": "cyan",
    "EVENT": "bold red",
    "OTHER": "red",
}
DATE = "yellow underline"
DIRECT, INDIRECT = "italic", "dim italic"
MENTIONS_SHOWN = 6


def register(app: typer.Typer) -> None:
    """Add `show` to the command line."""
    app.command()(show)


def show(
    context: typer.Context,
    uri: Annotated[str, typer.Argument(metavar="URI", help="The id of an article, as newswire search prints it.")],
    as_json: Annotated[bool, typer.Option("--json", help="The enriched article as one JSON object.")] = False,
) -> None:
    """Show one article: people magenta, organizations blue, places green, dates underlined, quotations in italics.

    Below it every entity with its id, every date with its value, and who said what on which day. What is killed,
    withheld or under embargo is not found.

    Exit status: 0, 2 no such article, 75 Elasticsearch did not answer.
    """
    from pipeline.index.client import connect_sync
    from pipeline.index.lookup import lookup

    with connect_sync(settings_of(context)) as client:
        article = lookup(client, uri)
    if as_json:
        import msgspec

        out.print(script_json(msgspec.to_builtins(article)), markup=False)
        return
    for line in lines(article):
        out.print(line)


def lines(article: EnrichedArticle) -> Iterator[Text]:
    """The article as it is printed, line by line."""
    if article.headline:
        yield Text(plain(article.headline), "bold")
    place = (article.dateline.place if article.dateline else None) or article.located
    about = [
        article.versionCreated,
        article.source,
        place,
        article.by,
        *(signal.upper() for signal in article.signals),
    ]
    yield Text(plain(" · ".join(part for part in about if part)), "cyan")
    if article.stepsLeftOut:
        how = " (detected)" if article.languageDetected else ""
        yield Text(plain(f"language {article.language}{how}: not searched for names, dates and quotations"), "dim")
    yield Text("")
    yield coloured(article)
    yield Text("")
    for kind in STYLES:
        for entity in article.entities:
            if entity.type == kind:
                yield _entity(article, entity)
    for date in article.dates:
        yield Text.assemble("  ", (plain(date.text), DATE), f" = {plain(date.value)}")
    for quotation in article.quotations:
        speaker = quotation.speaker
        who = plain(speaker.canonical or speaker.text) if speaker else "somebody"
        day = f", {quotation.said}" if quotation.said else ""
        style = DIRECT if quotation.direct else INDIRECT
        yield Text.assemble("  ", (who, STYLES["PERSON"]), f"{day}: ", (plain(quotation.text), style))
    yield Text(f"  {plain(article.uri)}", "dim")


def coloured(article: EnrichedArticle) -> Text:
    """The body with its findings in colour; character for character the body, but for control characters."""
    text = Text(printable_body(article.body))
    for quotation in article.quotations:
        text.stylize(DIRECT if quotation.direct else INDIRECT, quotation.start, quotation.end)
    for date in article.dates:
        text.stylize(DATE, date.start, date.end)
    for entity in article.entities:
        for mention in entity.mentions:
            text.stylize(STYLES[entity.type], mention.start, mention.end)
            if mention.misspelling:
                text.stylize("strike", mention.start, mention.end)
    return text


def _entity(article: EnrichedArticle, entity: Entity) -> Text:
    named = list(dict.fromkeys(plain(mention.text) for mention in entity.mentions))
    others = [name for name in named if name != entity.canonical][:MENTIONS_SHOWN]
    place = next((place for place in article.places if place.entity == entity.id), None)
    where = f" {place.country or ''}" if place else ""
    if place and place.location:
        where += f" {place.location.lat:.2f},{place.location.lon:.2f}"
    also = f" ({', '.join(others)})" if others else ""
    return Text.assemble(
        "  ", (plain(entity.canonical), STYLES[entity.type]), also, where, (f"  {plain(entity.id)}", "dim")
    )
