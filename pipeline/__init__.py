"""Newswire: wire articles in, enriched and searchable coverage out."""

__version__ = "0.1.0"
