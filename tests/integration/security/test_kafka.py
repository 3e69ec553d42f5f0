"""Kafka with TLS, SASL and rights: the right way works with the least rights, every wrong way is named in time."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from kafka.admin import ACLOperation, ResourceType
from pydantic import SecretStr

from pipeline.errors import Code, Fatal, NewswireError
from pipeline.feeds.producer import ArticleProducer
from pipeline.index.setup import setup
from pipeline.resources import resource
from pipeline.settings import Kafka, Settings
from pipeline.stream.topics import create_topics, require_topics
from tests.integration.security import settings_of
from tests.support.ledger import Ledger, push, wait_until_counted
from tests.support.news import articles
from tests.support.promises import kept
from tests.support.secured import Secured
from tests.support.steps import CONFIG
from tests.support.workers import workers

pytestmark = pytest.mark.servers

NAMED_WITHIN = 10.0  # seconds
GUARD = 240.0  # seconds: against hanging, not a measurement
PASSWORD = "pw,= '1"


@pytest.fixture(scope="module")
def users(secured: Secured) -> Secured:
    """Users with the rights of config/kafka/acls.toml, and one without any."""
    rights = tomllib.loads(resource("config/kafka/acls.toml").read_text("utf-8"))
    names = {"wire": "secure.wire", "enriched": "secure.enriched", "dead_letter": "secure.dead", "group": "secure"}
    for user, allowed in rights.items():
        secured.add_user(user, PASSWORD)
        for kind, entries in (("TOPIC", allowed.get("topics", [])), ("GROUP", allowed.get("groups", []))):
            for entry in entries:
                operations = [ACLOperation[name.upper()] for name in entry["operations"]]
                secured.allow(user, ResourceType[kind], entry["name"].format(**names), *operations)
        operations = [ACLOperation[name.upper()] for name in allowed.get("cluster", [])]
        if operations:
            secured.allow(user, ResourceType.CLUSTER, "kafka-cluster", *operations)
    secured.add_user("nobody", PASSWORD)
    create_topics(as_user(secured, "setup"))
    return secured


def as_user(secured: Secured, user: str, **changes: Any) -> Settings:
    kafka: dict[str, Any] = {
        "bootstrap_servers": secured.kafka.address_of("SECURED"),
        "security_protocol": "SASL_SSL",
        "sasl_username": user,
        "sasl_password": SecretStr(PASSWORD),
        "tls_ca_file": str(secured.authority),
    }
    return settings_of(secured, kafka=Kafka(**kafka | changes))


def test_articles_go_the_whole_way_with_the_least_rights(users: Secured, tmp_path: Path) -> None:
    settings = as_user(users, "worker")
    with users.client() as client:
        setup(client, settings)
        config = tmp_path / "light.cfg"
        config.write_text(CONFIG.format(folder=tmp_path))
        environment = users.environment(settings) | {"NEWSWIRE__ENRICHMENT__CONFIG": str(config)}
        with workers(environment, tmp_path) as crew:
            worker = crew.start()
            ledger = Ledger("urn:secure:way:")
            push(as_user(users, "push"), articles(40, prefix=ledger.prefix), ledger)
            counted = wait_until_counted(client, ledger, timeout=GUARD)
            assert counted.clean, (counted, worker.text()[-3000:])
            assert worker.stop() == 0


@pytest.mark.parametrize(
    ("user", "topic"), [("worker", "secure.wire"), ("nobody", "secure.wire"), ("push", "secure.enriched")]
)
def test_who_may_not_write_a_topic_cannot(users: Secured, user: str, topic: str) -> None:
    settings = as_user(users, user)
    settings = settings.model_copy(update={"topics": settings.topics.model_copy(update={"wire": topic})})
    told: list[NewswireError | None] = []
    try:
        with ArticleProducer(settings) as producer:
            producer.push(next(articles(1, prefix="urn:secure:refused:")), on_delivery=told.append)
    except Fatal as error:
        told.append(error)
    (refused,) = told
    assert refused is not None
    assert refused.code is Code.KAFKA_REFUSED
    assert user in (refused.hint or "")


WRONG: dict[str, dict[str, Any]] = {
    "another authority": {"tls_ca_file": "other"},
    "a certificate that is over": {"bootstrap_servers": "EXPIRED"},
    "a certificate of another host": {"bootstrap_servers": "ELSEWHERE"},
    "a wrong password": {"sasl_password": SecretStr("wrong")},
    "an unknown user": {"sasl_username": "stranger"},
    "another mechanism": {"sasl_mechanism": "PLAIN"},
}
TOLD = {
    "another authority": "unable to get local issuer certificate",
    "a certificate that is over": "certificate has expired",
    "a certificate of another host": "certificate is not valid for '127.0.0.1'",
    "a wrong password": "invalid credentials",
    "an unknown user": "invalid credentials",
    "another mechanism": "UnsupportedSaslMechanism",
}


def refusal(work: Callable[[], None]) -> NewswireError:
    with pytest.raises(NewswireError) as refused:
        work()
    return refused.value


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_way_is_named_within_ten_seconds(users: Secured, wrong: str) -> None:
    changes = dict(WRONG[wrong])
    if "tls_ca_file" in changes:
        changes["tls_ca_file"] = str(users.other_authority)
    if "bootstrap_servers" in changes:
        changes["bootstrap_servers"] = users.kafka.address_of(changes["bootstrap_servers"])
    settings = as_user(users, "worker", **changes)
    works: list[Callable[[], None]] = [
        lambda: require_topics(settings),
        lambda: ArticleProducer(settings).close(),
    ]
    for work in works:
        refused = kept(partial(refusal, work), within=NAMED_WITHIN)
        assert isinstance(refused, Fatal)
        assert refused.code is Code.KAFKA_REFUSED
        assert TOLD[wrong] in refused.message
        assert PASSWORD not in str(refused)


def test_a_client_without_tls_gets_nothing_from_a_port_with_it(users: Secured) -> None:
    settings = as_user(users, "worker", security_protocol="SASL_PLAINTEXT", request_timeout=5.0)
    refused = kept(lambda: refusal(lambda: require_topics(settings)), within=NAMED_WITHIN)
    assert "security_protocol" in (refused.hint or "")
