"""The component `newswire_speakers`: who said each quotation, and indirect speech; rewrites `Doc._.quotations`."""

from __future__ import annotations

from collections.abc import Hashable

import msgspec
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.article import Cue, Entity, Quotation, Speaker
from pipeline.enrich import state, tokens
from pipeline.enrich.speakers import indirect
from pipeline.enrich.speakers.clauses import Attribution
from pipeline.enrich.speakers.direct import Direct
from pipeline.enrich.speakers.reference import References
from pipeline.enrich.speakers.speech import is_speech
from pipeline.enrich.speakers.turns import take_turns
from pipeline.enrich.speakers.units import Units

state.register()


class Speakers:
    """Reads entities and quotations, gives each quotation its speaker and cue, and adds indirect speech."""

    def __init__(self, *, indirect_speech: bool = True) -> None:
        self._indirect = indirect_speech

    def __call__(self, doc: Doc) -> Doc:
        """Replace the quotations of a document. Words in quotation marks that nobody says are left out."""
        read = tokens.read(doc)
        entities: list[Entity] = doc._.entities
        units = Units(read, entities)
        direct = Direct(units, doc._.quotations)
        references = References(
            units, entities, doc.user_data.get(state.SEXES, {}), [n is not None for n in direct.inside]
        )
        quotations: list[Quotation] = []

        def who(one: Attribution) -> Hashable:
            entity = references.entity(one.unit) if one.unit is not None else None
            return entity if entity is not None else (one.unit and read.lower[one.unit.head])

        attributions = take_turns(direct, direct.attribute(), who)
        for quotation, attribution, (first, last) in zip(doc._.quotations, attributions, direct.ranges, strict=True):
            before = ["", "", "", *(word.strip() for word in read.words[max(0, first - 3) : first])][-3:]
            after = read.words[last].strip() if last < len(read) else ""
            if is_speech(quotation, attribution, before, after):
                quotations.append(_with(quotation, attribution, read, references, entities))
        if self._indirect:
            for start, end, attribution in indirect.find(units, direct.inside):
                text = read.text[start:end]
                bare = Quotation(text=text, start=start, end=end, direct=False)
                quotations.append(_with(bare, attribution, read, references, entities))
        doc._.quotations = sorted(quotations, key=lambda quotation: quotation.start)
        return doc


def _with(
    quotation: Quotation,
    attribution: Attribution | None,
    read: tokens.Tokens,
    references: References,
    entities: list[Entity],
) -> Quotation:
    if attribution is None:
        return quotation
    unit, speaker = attribution.unit, None
    if unit is not None:
        index = references.entity(unit)
        start, end = read.starts[unit.first], read.ends[unit.last - 1]
        speaker = Speaker(
            entity=entities[index].id if index is not None else None,
            canonical=entities[index].canonical if index is not None else None,
            text=read.text[start:end],
            start=start,
            end=end,
        )
    cue = None
    if attribution.cue is not None:
        last = attribution.cue + (2 if read.lower[attribution.cue] == "according" else 1)
        start, end = read.starts[attribution.cue], read.ends[last - 1]
        cue = Cue(text=read.text[start:end], start=start, end=end)
    return msgspec.structs.replace(quotation, speaker=speaker, cue=cue)


@Language.factory(
    "newswire_speakers",
    default_config={"indirect_speech": True},
    requires=["doc._.entities", "doc._.quotations"],
    assigns=["doc._.quotations"],
)
def make_speakers(nlp: Language, name: str, indirect_speech: bool) -> Speakers:
    """The factory that `config/enrichment.cfg` names."""
    return Speakers(indirect_speech=indirect_speech)
