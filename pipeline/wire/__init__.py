"""Wire formats: bytes as agencies deliver them -> WireArticle. One file a format; `parse` is the one way in."""

from pipeline.wire.registry import FORMATS, format_of_content_type, parse, parse_each

__all__ = ["FORMATS", "format_of_content_type", "parse", "parse_each"]
