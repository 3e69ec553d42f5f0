"""Speakers of quotations, their cues, and indirect speech: the component `newswire_speakers`."""

from pipeline.enrich.speakers.component import Speakers

__all__ = ["Speakers"]
