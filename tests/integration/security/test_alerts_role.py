"""What the role `newswire_alerts` allows is what the alerts need, and no more."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from elasticsearch import AuthorizationException

from pipeline.alerts.coverage import Coverage
from pipeline.alerts.model import Entry, Target
from pipeline.alerts.store import AlertStore
from pipeline.alerts.told import Told, ToldStore
from pipeline.identity import READ_ALIAS, REGISTER, WRITE_ALIAS, document_id, index_name
from pipeline.index.client import connect_sync
from pipeline.index.document import action
from pipeline.index.query import SearchRequest
from pipeline.index.setup import setup
from pipeline.resources import resource
from pipeline.settings import load
from tests.integration.security import settings_of
from tests.support.enriched import enriched
from tests.support.secured import Secured
from tests.support.stack import unique

pytestmark = pytest.mark.servers


def test_a_key_of_the_role_can_keep_alerts_and_cannot_touch_the_coverage(secured: Secured) -> None:
    role = json.loads(resource("config/elasticsearch/roles/newswire_alerts.json").read_text("utf-8"))
    uri, name = f"urn:newswire:test:{unique()}", unique("alert")
    now = datetime.now(UTC)
    with secured.client() as administrator:
        setup(administrator, load(resource("config/newswire.toml")))
        source = json.loads(action(enriched(uri)).source)
        administrator.index(index=WRITE_ALIAS, id=document_id(uri), document=source, refresh=True)
        made = administrator.security.create_api_key(name=name, expiration="1h", role_descriptors={"alerts": role})
    settings = settings_of(secured, elasticsearch={"api_key": made["encoded"]})
    with connect_sync(settings) as client:
        alerts, told, coverage = AlertStore(client), ToldStore(client), Coverage(client)
        alert = alerts.add(name, SearchRequest(query="ferry"), Target(kind="terminal"), now=now)
        told.prepare()
        coverage.use(alerts.all())
        (article,) = coverage.articles([uri], coverage.states([uri]))
        assert article.shown
        assert alert.id in article.matching
        coverage.swept(now - timedelta(minutes=1))
        told.put([Told(uri=uri, partition=0, told={alert.id: Entry(version=1)})], now=now)
        assert set(told.get([uri])) == {uri}
        assert told.open([0]) == []
        told.set_watermark([0], now)
        assert told.watermark([0]) == now
        alerts.remove(name)

        refusals: list[Callable[[], object]] = [
            lambda: client.index(index=WRITE_ALIAS, id="x", document={"uri": "x"}),
            lambda: client.delete(index=index_name(), id=document_id(uri)),
            lambda: client.indices.delete(index=index_name()),
            lambda: client.indices.delete(index="newswire-alerts"),
            lambda: client.search(index=REGISTER),
            lambda: client.indices.put_mapping(index=READ_ALIAS, properties={"x": {"type": "keyword"}}),
            lambda: client.indices.create(index="news-articles-v99"),
        ]
        for refused in refusals:
            with pytest.raises(AuthorizationException):
                refused()
