"""From mentions to entities: one entity for all mentions of one person, organisation, place, nation or event."""

from __future__ import annotations

from collections import Counter

from pipeline.article import Entity, EntityType, Mention
from pipeline.enrich import names
from pipeline.enrich.entities import organizations, people
from pipeline.enrich.entities.knowledge import Knowledge
from pipeline.enrich.entities.spans import Span
from pipeline.enrich.lexicon import Sex, nationalities
from pipeline.enrich.tokens import Tokens

TYPES: dict[str, EntityType] = {
    "PERSON": "PERSON",
    "ORG": "ORGANIZATION",
    "GPE": "LOCATION",
    "LOC": "LOCATION",
    "FAC": "LOCATION",
    "NORP": "NORP",
    "EVENT": "EVENT",
    "OTHER": "OTHER",
}


def entities(
    tokens: Tokens, spans: list[Span], knowledge: Knowledge, sexes: dict[str, Sex] | None = None
) -> list[Entity]:
    """The entities of an article, sorted by their first mention. `spans` are sorted and do not overlap.

    `sexes` is filled with the sex of each person, by entity id, as far as the text tells it.
    """
    found: list[Entity] = []
    rest: list[Span] = []
    known: dict[tuple[str, str], list[tuple[Span, bool]]] = {}
    by_type: dict[str, list[Span]] = {"PERSON": [], "ORG": []}
    for span in spans:
        by_type.get(span.label, rest).append(span)
    for person in people.group(tokens, by_type["PERSON"]):
        name = people.canonical(person)
        entry = knowledge.person(name)
        sex = person.sex or knowledge.sex(entry)
        if sexes is not None and sex is not None:
            sexes[entry.id] = sex
        found.append(_entity(tokens, entry.id, "PERSON", entry.canonical, person.mentions))
    for organization in organizations.group(tokens, by_type["ORG"]):
        entry = knowledge.organization(list(organization.forms), organizations.canonical(organization))
        known.setdefault((entry.id, entry.canonical), []).extend((span, False) for span in organization.mentions)
    for (identity, canonical), mentions in known.items():
        found.append(_entity(tokens, identity, "ORGANIZATION", canonical, mentions))
    found.extend(_others(tokens, rest, knowledge))
    return sorted(_merged(found), key=lambda entity: entity.mentions[0].start)


def _others(tokens: Tokens, spans: list[Span], knowledge: Knowledge) -> list[Entity]:
    """Places by what the gazetteer knows them as, nations by their adjective, all else by the name."""
    groups: dict[tuple[str, str], list[tuple[Span, bool]]] = {}
    forms: dict[tuple[str, str], Counter[str]] = {}
    for span in spans:
        text = " ".join(tokens.slice(span.first, span.last).split())
        kind = TYPES[span.label]
        if kind == "NORP":
            nation = nationalities().get(text) or nationalities().get(text.title())
            identity, canonical = _named(nation.canonical if nation else text)
        elif kind == "LOCATION":
            entry = knowledge.place(text, tokens, span)
            identity, canonical = entry.id, entry.canonical
        else:
            identity, canonical = _named(text)
        groups.setdefault((kind, identity), []).append((span, False))
        forms.setdefault((kind, identity), Counter())[canonical] += 1
    return [
        _entity(tokens, identity, kind, _best(forms[kind, identity]), mentions)  # type: ignore[arg-type]
        for (kind, identity), mentions in groups.items()
    ]


def _best(forms: Counter[str]) -> str:
    return max(forms, key=lambda form: (not form.isupper() or len(form) <= 4, forms[form], len(form)))


def _named(text: str) -> tuple[str, str]:
    return "name:" + names.key(text), text


def _entity(tokens: Tokens, identity: str, kind: EntityType, name: str, spans: list[tuple[Span, bool]]) -> Entity:
    mentions = [
        Mention(
            text=tokens.slice(span.first, span.last),
            start=tokens.starts[span.first],
            end=tokens.ends[span.last - 1],
            label=span.label,  # type: ignore[arg-type]
            misspelling=misspelt,
        )
        for span, misspelt in sorted(spans, key=lambda item: item[0].first)
    ]
    return Entity(id=identity, type=kind, canonical=name, mentions=tuple(mentions))


def _merged(found: list[Entity]) -> list[Entity]:
    """One entity an id and type, whatever ways led to it."""
    by_id: dict[tuple[str, str], Entity] = {}
    for entity in found:
        before = by_id.get((entity.id, entity.type))
        if before is not None:
            mentions = sorted((*before.mentions, *entity.mentions), key=lambda mention: mention.start)
            name = max(before, entity, key=lambda one: len(one.mentions)).canonical
            entity = Entity(id=entity.id, type=entity.type, canonical=name, mentions=tuple(mentions))
        by_id[entity.id, entity.type] = entity
    return list(by_id.values())
