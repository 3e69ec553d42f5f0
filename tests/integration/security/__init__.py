"""TLS, users, rights and secrets, on real secured servers."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from pipeline.settings import Elasticsearch, Settings, Topics, Worker, load
from tests.support.secured import ELASTIC_PASSWORD, Secured


def settings_of(secured: Secured, *, elasticsearch: dict[str, Any] | None = None, **sections: Any) -> Settings:
    """Settings for both servers, as the superuser of Elasticsearch unless told otherwise."""
    given: dict[str, Any] = {
        "hosts": secured.elasticsearch.address,
        "username": "elastic",
        "password": SecretStr(ELASTIC_PASSWORD),
        "tls_ca_file": str(secured.authority),
    }
    names: dict[str, Any] = {"wire": "secure.wire", "enriched": "secure.enriched", "dead_letter": "secure.dead"}
    changed = {
        "elasticsearch": Elasticsearch(**given | (elasticsearch or {})),
        "topics": Topics(**names, partitions=2),
        "worker": Worker(name="secure", group="secure"),
    }
    return load().model_copy(update=changed | sections)
