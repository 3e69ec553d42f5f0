"""Mentions of people, organisations and places, corrected and joined to entities: component `newswire_entities`."""
