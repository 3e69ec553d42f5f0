"""Elasticsearch with TLS, users and API keys: the right way works, every wrong way is named in time."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from elastic_transport import ApiError, TransportError
from elasticsearch import AuthenticationException
from kafka import KafkaProducer
from pydantic import SecretStr

from pipeline import codec
from pipeline.article import EnrichedArticle
from pipeline.errors import Code, Fatal, NewswireError
from pipeline.index.client import connect_sync, explain
from pipeline.index.setup import setup
from pipeline.resources import resource
from pipeline.settings import Kafka, Settings
from pipeline.stream.topics import create_topics
from tests.integration.security import settings_of
from tests.support.ledger import Ledger, wait_for, wait_until_counted
from tests.support.news import articles
from tests.support.promises import kept
from tests.support.secured import Secured
from tests.support.workers import workers

pytestmark = pytest.mark.servers

NAMED_WITHIN = 10.0  # seconds
GUARD = 240.0  # seconds: against hanging, not a measurement


@contextmanager
def greeter(certificate: Path) -> Iterator[str]:
    """A port that greets with this certificate, as a server would; its address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with suppress(OSError), context.wrap_socket(connection, server_side=True) as spoken:
                        spoken.recv(1)

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def refusal(settings: Settings) -> NewswireError:
    def refused() -> ApiError | TransportError:
        with connect_sync(settings) as client, pytest.raises((ApiError, TransportError)) as failed:
            client.cluster.health()
        assert isinstance(failed.value, ApiError | TransportError)
        return failed.value

    return explain(kept(refused, within=NAMED_WITHIN), doing="ask")


@pytest.mark.parametrize(
    ("name", "told"), [("EXPIRED", "certificate has expired"), ("ELSEWHERE", "is not valid for '127.0.0.1'")]
)
def test_a_wrong_certificate_is_refused(secured: Secured, name: str, told: str) -> None:
    with greeter(secured.folder / f"{name.lower()}.pem") as address:
        error = refusal(settings_of(secured, elasticsearch={"hosts": address}))
    assert isinstance(error, Fatal)
    assert error.code is Code.ELASTICSEARCH_REFUSED
    assert told in error.message


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"tls_ca_file": "other"}, "unable to get local issuer certificate"),
        ({"password": SecretStr("wrong")}, "401"),
        ({"api_key": SecretStr("d3Jvbmc6d3Jvbmc=")}, "401"),
    ],
)
def test_a_wrong_way_is_named(secured: Secured, changes: dict[str, Any], told: str) -> None:
    if "tls_ca_file" in changes:
        changes = {"tls_ca_file": str(secured.other_authority)}
    error = refusal(settings_of(secured, elasticsearch=changes))
    assert isinstance(error, Fatal)
    assert error.code is Code.ELASTICSEARCH_REFUSED
    assert told in error.message


def test_without_tls_nothing_is_said_to_a_port_with_it(secured: Secured) -> None:
    address = secured.elasticsearch.address.replace("https://", "http://")
    error = refusal(settings_of(secured, elasticsearch={"hosts": address}))
    assert error.code is Code.ELASTICSEARCH_UNREACHABLE


def test_a_key_that_expires_stops_the_worker_and_nothing_is_passed_over(secured: Secured, tmp_path: Path) -> None:
    settings = settings_of(secured, kafka=Kafka(bootstrap_servers=secured.kafka.address))
    create_topics(settings)
    first, second = Ledger("urn:secure:key:1:"), Ledger("urn:secure:key:2:")
    with secured.client() as client:
        setup(client, settings)

        role = json.loads(resource("config/elasticsearch/roles/newswire_worker.json").read_text("utf-8"))

        def key() -> tuple[str, str]:
            made = client.security.create_api_key(name="worker", expiration="1h", role_descriptors={"worker": role})
            return str(made["id"]), str(made["encoded"])

        def is_over(encoded: str) -> bool:
            try:
                client.options(api_key=encoded).security.authenticate()
            except AuthenticationException:
                return True
            return False

        with workers(secured.environment(settings), tmp_path) as crew:
            name, short = key()
            worker = crew.start("--agents", "index", environment={"NEWSWIRE__ELASTICSEARCH__API_KEY": short})
            send(settings, first)
            assert wait_until_counted(client, first, timeout=GUARD).clean
            client.security.update_api_key(id=name, expiration="1s")  # now, however long the worker took to start
            wait_for(lambda: is_over(short), timeout=GUARD, what="the end of the key")
            send(settings, second)
            wait_for(lambda: not worker.running, timeout=GUARD, what="the end of the worker")
            assert worker.process.returncode == Fatal.exit_status
            assert "Elasticsearch refused" in worker.text()
            crew.start("--agents", "index", environment={"NEWSWIRE__ELASTICSEARCH__API_KEY": key()[1]})
            assert wait_until_counted(client, second, timeout=GUARD).clean


def send(settings: Settings, ledger: Ledger) -> None:
    """Enriched articles straight onto their topic."""
    producer: Any = KafkaProducer(bootstrap_servers=settings.kafka.bootstrap_servers)
    for article in articles(50, prefix=ledger.prefix):
        fields = {name: getattr(article, name) for name in article.__struct_fields__}
        value = codec.encode(EnrichedArticle(**fields))
        producer.send(settings.topics.enriched, key=article.uri.encode(), value=value)
        ledger.note(article)
    producer.flush()
    producer.close()
