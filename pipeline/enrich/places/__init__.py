"""Places: GeoNames, the resolution of names to it, and the component `newswire_places`."""

from pipeline.enrich.places.component import Places

__all__ = ["Places"]
