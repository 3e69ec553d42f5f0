"""`newswire search`: what the newsroom asks of its coverage."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from pipeline.commands.asked import asked
from pipeline.commands.common import err, out, plain, script_json, settings_of

if TYPE_CHECKING:
    from pipeline.index.search import Answer, Hit, Passage

MATCHED = "bold yellow"
PEOPLE_SHOWN = 6
ALIKE_SHOWN = 10


class Order(StrEnum):
    """How answers are sorted."""

    relevance = "relevance"
    newest = "newest"
    oldest = "oldest"


def register(app: typer.Typer) -> None:
    """Add `search` to the command line."""
    app.command()(search)


def search(
    context: typer.Context,
    query: Annotated[
        list[str] | None, typer.Argument(metavar="QUERY", help='Words; "phrases", OR, NOT, person:, kyi*.')
    ] = None,
    person: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A person, by any form of the name.")
    ] = None,
    organization: Annotated[list[str] | None, typer.Option(metavar="NAME", help="An organization.")] = None,
    place: Annotated[list[str] | None, typer.Option(metavar="NAME", help="A place.")] = None,
    speaker: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Somebody who is quoted.")] = None,
    quote: Annotated[str, typer.Option(metavar="WORDS", help="Words of a quotation (with --speaker: theirs).")] = "",
    said: Annotated[
        str | None, typer.Option(metavar="FROM..TO", help="Days on which that quotation was said.")
    ] = None,
    about: Annotated[
        str | None, typer.Option(metavar="FROM..TO", help="Days that the article speaks of, whenever published.")
    ] = None,
    widely: Annotated[
        bool, typer.Option("--widely", help='With --about: also longer times that touch it ("last week").')
    ] = False,
    published: Annotated[str | None, typer.Option(metavar="FROM..TO", help="Days of publication (UTC).")] = None,
    sort: Annotated[Order | None, typer.Option(help="Default: relevance; newest where nothing ranks.")] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=0, max=200, help="The most answers on a page.")] = 10,
    page: Annotated[int, typer.Option(min=1, help="Which page of answers.")] = 1,
    collapse: Annotated[
        bool, typer.Option("--collapse", help="Fold what is alike: the same story of several agencies is one answer.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The whole answer as one JSON object.")] = False,
) -> None:
    """Search the coverage: everything usable that is not under embargo.

    All words must occur; case, accents and endings do not matter, and "words between quotation marks" are taken
    literally. Dates are written 2022-02-23, 2022-02, 2022, 2022-02-21..2022-02-27 or 2022-02.. (open).

    Examples: newswire search Zelenskyy ceasefire; newswire search --about 2022-02-23; newswire search --speaker
    Peskov --quote delegation --said 2022-02-25.

    Exit status: 0 also where nothing was found, 2 the query cannot be read, 75 Elasticsearch did not answer.
    """
    from msgspec.structs import replace

    request = replace(
        asked(
            query=query,
            person=person,
            organization=organization,
            place=place,
            speaker=speaker,
            quote=quote,
            said=said,
            about=about,
            widely=widely,
            published=published,
        ),
        sort=sort.value if sort else None,
        limit=limit,
        offset=(page - 1) * limit,
        collapse=collapse,
    )
    from pipeline.index.client import connect_sync
    from pipeline.index.search import search as ask

    with connect_sync(settings_of(context)) as client:
        answer = ask(client, request)
    if as_json:
        import msgspec

        out.print(script_json(msgspec.to_builtins(answer)), markup=False)
        return
    for number, hit in enumerate(answer.hits, start=request.offset + 1):
        _show(hit, number)
    _summarise(answer, request.offset)


def _show(hit: Hit, number: int) -> None:
    title = _marked(hit.headline)
    passages = [_marked(passage) for passage in hit.passages]
    if not title.plain.strip():  # plain text has no headline
        title = Text(f"{plain(hit.beginning)} …" if hit.beginning else "(no text)")
        passages = [passage for passage in passages if passage.spans]
    title.stylize("bold")
    out.print(Text.assemble((f"{number}. ", "dim"), title))
    about = [hit.versionCreated, hit.source, _dateline(hit), hit.by, *(signal.upper() for signal in hit.signals)]
    out.print(Text(f"   {plain(' · '.join(part for part in about if part))}", "cyan"))
    for passage in passages:
        out.print(Text.assemble("   … ", passage))
    for date in hit.dates:
        out.print(Text.assemble("   speaks of ", (plain(date.text), MATCHED), f" = {plain(date.value)}"))
    for said in hit.quotations:
        who = plain(said.speaker or "somebody")
        day = f", {plain(said.said)}" if said.said else ""
        out.print(Text.assemble("   ", (who, MATCHED), f"{day}: ", plain(said.text)))
    people = [plain(name) for name in hit.people[:PEOPLE_SHOWN]]
    if people:
        more = len(hit.people) - len(people)
        out.print(Text(f"   people: {', '.join(people)}{f' and {more} more' if more else ''}", "dim"))
    out.print(Text(f"   {plain(hit.uri)}", "dim"))
    if hit.alike:
        out.print(Text(f"   +{len(hit.alike)} alike", MATCHED))
        for alike in hit.alike[:ALIKE_SHOWN]:
            parts = (alike.source, alike.headline, alike.versionCreated, alike.uri)
            out.print(Text(f"     {plain(' · '.join(part for part in parts if part))}", "dim"))
        if len(hit.alike) > ALIKE_SHOWN:
            out.print(Text(f"     and {len(hit.alike) - ALIKE_SHOWN} more (--json lists all)", "dim"))
    out.print()


def _marked(passage: Passage) -> Text:
    # joined first, so that the spaces beside a match stay as they are
    text = Text()
    for segment in passage:
        words = plain(segment.text)
        before = " " if segment.text[:1].isspace() else ""
        after = " " if segment.text[-1:].isspace() and words else ""
        text.append(before + words + after, MATCHED if segment.matched else "")
    return text


def _dateline(hit: Hit) -> str | None:
    return (hit.dateline.place if hit.dateline else None) or hit.located


def _summarise(answer: Answer, offset: int) -> None:
    if not answer.total:
        err.print("nothing found", style="dim")
        return
    total = f"{answer.total:,}" if answer.total_exact else f"more than {answer.total:,}"
    last = offset + len(answer.hits)
    shown = f"{offset + 1}-{last} of " if answer.hits else ""
    folded = sum(len(hit.alike) for hit in answer.hits)
    others = f", {folded:,} of them folded as alike" if folded else ""
    err.print(f"{shown}{total} found in {answer.took_ms} ms{others}", style="dim")
    if not answer.complete:
        err.print("not everything was searched: the time ran out, or a shard did not answer", style="yellow")
