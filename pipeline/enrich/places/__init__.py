"""Places: GeoNames, the resolution of names to it, and the component `newswire_places`."""
