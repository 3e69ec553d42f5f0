"""How clients connect, and what Kafka's errors mean to us."""

from __future__ import annotations

import os
import ssl
from pathlib import Path
from typing import Any

import pytest
from aiokafka.record.util import calc_crc32c as compiled
from kafka import errors as kafka_errors
from kafka.record import util as kafka_record
from kafka.record._crc32c import crc as in_python
from pydantic import SecretStr

from pipeline.errors import Code, Fatal, NewswireError, Transient, UserError
from pipeline.kafka import async_connection, connection, kafka_error, tls_context
from pipeline.settings import Kafka, Settings

PASSWORD = "never-to-be-seen"


def settings(**values: Any) -> Settings:
    return Settings(kafka=Kafka(**{"bootstrap_servers": "one:9092,two:9093"} | values))


def test_plain() -> None:
    options = connection(settings(request_timeout=7.5))
    assert options["bootstrap_servers"] == ["one:9092", "two:9093"]
    assert options["request_timeout_ms"] == 7500
    assert not {name for name in options if "sasl" in name or "ssl" in name}


@pytest.mark.parametrize("options_of", [connection, async_connection])
def test_sasl_over_tls(options_of: Any) -> None:
    options = options_of(
        settings(security_protocol="SASL_SSL", sasl_username="push", sasl_password=SecretStr(PASSWORD))
    )
    assert options["sasl_mechanism"] == "SCRAM-SHA-512"
    assert (options["sasl_plain_username"], options["sasl_plain_password"]) == ("push", PASSWORD)
    context = options["ssl_context"]
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


@pytest.mark.parametrize("name", ["tls_ca_file", "tls_certificate_file"])
@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_tls_file_that_is_no_use_is_named(tmp_path: Path, name: str, content: str | None) -> None:
    path = tmp_path / "file.pem"
    if content:
        path.write_text(content)
    with pytest.raises(UserError) as caught:
        tls_context(settings(**{"security_protocol": "SSL", name: str(path)}))
    assert name in caught.value.message
    assert str(path) in caught.value.message


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (kafka_errors.KafkaTimeoutError("x"), Transient, Code.KAFKA_UNREACHABLE),
        (kafka_errors.KafkaConnectionError("x"), Transient, Code.KAFKA_UNREACHABLE),
        (kafka_errors.NotEnoughReplicasError("x"), Transient, Code.KAFKA_UNREACHABLE),
        (ConnectionRefusedError(111, "refused"), Transient, Code.KAFKA_UNREACHABLE),
        (kafka_errors.SaslAuthenticationFailedError("x"), Fatal, Code.KAFKA_REFUSED),
        (kafka_errors.TopicAuthorizationFailedError("x"), Fatal, Code.KAFKA_REFUSED),
        (kafka_errors.PolicyViolationError("x"), Fatal, Code.KAFKA_REFUSED),
        (kafka_errors.UnknownTopicOrPartitionError("x"), Fatal, Code.KAFKA_TOPIC_MISSING),
    ],
)
def test_errors_by_who_must_act(error: Exception, kind: type[NewswireError], code: Code) -> None:
    secret = settings(sasl_username="push", sasl_password=SecretStr(PASSWORD), security_protocol="SASL_SSL")
    ours = kafka_error(error, secret, doing="push articles")
    assert type(ours) is kind
    assert ours.code is code
    assert "push articles" in ours.message
    assert PASSWORD not in f"{ours.message} {ours.hint}"


def test_our_own_errors_stay() -> None:
    ours = Fatal(Code.KAFKA_REFUSED, "no")
    assert kafka_error(ours, settings(), doing="x") is ours


def test_the_fast_checksum_is_in_place_and_is_the_same() -> None:
    (used,) = kafka_record.calc_crc32c.__defaults__
    assert used is (kafka_record.crc32c_c or compiled)
    for size in (0, 1, 7, 8, 9, 4096, 100_003):
        data = memoryview(bytearray(os.urandom(size)))
        assert kafka_record.calc_crc32c(data) == in_python(data)
