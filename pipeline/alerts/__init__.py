"""Saved searches that tell of new articles, and of corrections and kills of those told of (docs/alerts.md)."""
