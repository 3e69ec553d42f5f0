"""The component `newswire_entities`: from the model's spans to `Doc._.entities`."""

from __future__ import annotations

from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.enrich import dateline, state, tokens
from pipeline.enrich.entities import aliases as alias_file
from pipeline.enrich.entities import boundaries, candidates, decide, evidence, fill, grouping, matcher
from pipeline.enrich.entities.knowledge import Knowledge
from pipeline.enrich.entities.spans import LABELS, Span
from pipeline.enrich.lexicon import Sex
from pipeline.enrich.names import plain
from pipeline.enrich.places import geonames
from pipeline.enrich.places.resolve import Resolver
from pipeline.resources import resource

state.register()


class Entities:
    """Corrects the model's spans and joins them to entities.

    Args:
        aliases: the alias file; empty for `config/aliases.toml`.

    Raises:
        UserError: for an alias file with a mistake, naming the line.
    """

    def __init__(self, *, aliases: str = "") -> None:
        self._aliases = alias_file.load(Path(aliases) if aliases else resource("config/aliases.toml"))
        self._by_form = alias_file.by_form(self._aliases)
        self._matcher = matcher.of_aliases(self._aliases)
        self._geonames = geonames.load()

    def __call__(self, doc: Doc) -> Doc:
        """Set `Doc._.entities`; the text and the model's own spans stay as they are."""
        read = tokens.read(doc)
        spans = [Span(span.start, span.end, LABELS[span.label_]) for span in doc.ents if span.label_ in LABELS]
        parts = [part for span in spans for part in boundaries.parted(read, span)]
        trimmed = boundaries.joined(read, [kept for span in parts if (kept := boundaries.trim(read, span))])
        filed = dateline.find(read, self._is_place)
        found, caps = candidates.collect(read, trimmed, self._matcher, filed)
        sports = evidence.is_sports(read)
        names = evidence.weigh(read, found, self._geonames, sports=sports)
        mentions = fill.fill(read, decide.decide(read, found, names, self._geonames, sports=sports), caps)
        places = (read.slice(span.first, span.last) for span in mentions if span.label in ("GPE", "LOC"))
        resolver = Resolver(self._geonames, places)
        sexes: dict[str, Sex] = {}
        doc._.entities = grouping.entities(read, mentions, Knowledge(self._by_form, resolver), sexes)
        doc.user_data[state.SEXES] = sexes
        return doc

    def _is_place(self, name: str) -> bool:
        return plain(name) in self._geonames.by_name


@Language.factory(
    "newswire_entities", default_config={"aliases": ""}, requires=["doc.ents"], assigns=["doc._.entities"]
)
def make_entities(nlp: Language, name: str, aliases: str) -> Entities:
    """The factory that `config/enrichment.cfg` names."""
    return Entities(aliases=aliases)
