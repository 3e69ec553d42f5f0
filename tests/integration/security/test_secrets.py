"""Secrets, marked to be found again: in no log, trace, dead letter, list of processes or `config show`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
from kafka import KafkaProducer
from pydantic import SecretStr

from pipeline.index.setup import setup
from pipeline.resources import resource
from pipeline.settings import Kafka
from pipeline.stream.topics import create_topics
from tests.integration.security import settings_of
from tests.support.ledger import records, wait_for
from tests.support.secured import Secured
from tests.support.steps import CONFIG
from tests.support.workers import workers

pytestmark = pytest.mark.servers

GUARD = 240.0  # seconds: against hanging, not a measurement
KAFKA_SECRET = "kafka-marker-5d1f"
ELASTIC_SECRET = "elastic-marker-93ac"
MARKERS = (KAFKA_SECRET.encode(), ELASTIC_SECRET.encode())


def assert_clean(what: str, content: bytes) -> None:
    for marker in MARKERS:
        assert marker not in content, f"{marker!r} in {what}"


def newswire(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *arguments],
        env=os.environ | environment,
        capture_output=True,
        timeout=GUARD,
        check=False,
    )


def test_secrets_are_nowhere(secured: Secured, tmp_path: Path) -> None:
    secured.add_user("marked", KAFKA_SECRET)
    plain = settings_of(secured, kafka=Kafka(bootstrap_servers=secured.kafka.address))
    create_topics(plain)
    role = json.loads(resource("config/elasticsearch/roles/newswire_worker.json").read_text("utf-8"))
    with secured.client() as client:
        setup(client, plain)
        client.security.put_role(name="marked", cluster=role["cluster"], indices=role["indices"])
        client.security.put_user(username="marked", password=ELASTIC_SECRET, roles=["marked"])
    settings = settings_of(
        secured,
        kafka=Kafka(
            bootstrap_servers=secured.kafka.address_of("SECURED"),
            security_protocol="SASL_SSL",
            sasl_username="marked",
            sasl_password=SecretStr(KAFKA_SECRET),
            tls_ca_file=str(secured.authority),
        ),
        elasticsearch={"username": "marked", "password": SecretStr(ELASTIC_SECRET)},
    )
    config = tmp_path / "light.cfg"
    config.write_text(CONFIG.format(folder=tmp_path))
    environment = secured.environment(settings) | {
        "NEWSWIRE__ENRICHMENT__CONFIG": str(config),
        "NEWSWIRE__LOG__LEVEL": "debug",
    }

    # a user without rights: errors with traces, at the lowest level of the log
    for arguments in (["config", "show"], ["config", "show", "--json"], ["search", "port"], ["push", str(config)]):
        done = newswire(environment, *arguments)
        assert_clean(" ".join(arguments), done.stdout + done.stderr)

    with workers(secured.environment(plain) | environment, tmp_path) as crew:
        environment_plain_kafka = {
            "NEWSWIRE__KAFKA__BOOTSTRAP_SERVERS": secured.kafka.address,
            "NEWSWIRE__KAFKA__SECURITY_PROTOCOL": "PLAINTEXT",
        }
        worker = crew.start(environment=environment_plain_kafka)
        poison(plain.kafka.bootstrap_servers, plain.topics.wire)
        wait_for(lambda: records(plain, plain.topics.dead_letter), timeout=GUARD, what="the dead letter")
        assert_clean("the log", worker.text().encode())
        for process in (psutil.Process(worker.process.pid), *worker.children()):
            assert_clean("the list of processes", " ".join(process.cmdline()).encode())
        for letter in records(plain, plain.topics.dead_letter):
            assert_clean("a dead letter", (letter.value or b"") + repr(letter.headers).encode())
        worker.stop()
        refused = crew.start(ready=False)  # through SASL, where it has no rights
        wait_for(lambda: not refused.running, timeout=GUARD, what="the end of a worker without rights")
        assert "refused" in refused.text()
        assert_clean("the log of a refused worker", refused.text().encode())


def poison(bootstrap: str, topic: str) -> None:
    producer: Any = KafkaProducer(bootstrap_servers=bootstrap)
    producer.send(topic, key=b"k", value=b"\xff no article")
    producer.flush()
    producer.close()
