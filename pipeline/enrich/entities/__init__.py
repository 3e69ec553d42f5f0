"""Mentions of people, organisations and places, corrected and joined to entities: component `newswire_entities`."""

from pipeline.enrich.entities.component import Entities

__all__ = ["Entities"]
