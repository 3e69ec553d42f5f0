"""Addresses: configured ones are checked, "local" means the servers of `newswire up`."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.addresses import elasticsearch_hosts, kafka_bootstrap
from pipeline.errors import Code, UserError
from pipeline.settings import Elasticsearch, Kafka, Local, Settings


def settings(*, kafka: str = "local", elasticsearch: str = "local", data: str = "") -> Settings:
    return Settings(
        kafka=Kafka(bootstrap_servers=kafka),
        elasticsearch=Elasticsearch(hosts=elasticsearch),
        local=Local(data_dir=data),
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("kafka:9092", "kafka:9092"),
        (" a.example.org:9092 ,b-2:19092, ", "a.example.org:9092,b-2:19092"),
        ("[::1]:9092", "[::1]:9092"),
    ],
)
def test_kafka_servers(written: str, read: str) -> None:
    assert kafka_bootstrap(settings(kafka=written)) == read


@pytest.mark.parametrize(
    "written", ["kafka", "kafka:", "kafka:x", "kafka:0", "kafka:70000", "http://kafka:9092", "a:1,b"]
)
def test_kafka_servers_that_are_none(written: str) -> None:
    with pytest.raises(UserError, match=r"kafka\.bootstrap_servers") as caught:
        kafka_bootstrap(settings(kafka=written))
    assert caught.value.code == Code.SETTINGS


@pytest.mark.parametrize("written", ["", " , "])
def test_no_server_at_all(written: str) -> None:
    with pytest.raises(UserError, match="is empty"):
        kafka_bootstrap(settings(kafka=written))
    with pytest.raises(UserError, match="is empty"):
        elasticsearch_hosts(settings(elasticsearch=written))


def test_elasticsearch_hosts() -> None:
    written = "https://a.example.org:9200/, http://[::1]:9201,https://b:443/prefix/"
    expected = ["https://a.example.org:9200", "http://[::1]:9201", "https://b:443/prefix"]
    assert elasticsearch_hosts(settings(elasticsearch=written)) == expected


@pytest.mark.parametrize(
    "written",
    ["es:9200", "https://es", "ftp://es:21", "https://:9200", "https://es:99999", "https://es:9200?x=1", "localhost"],
)
def test_elasticsearch_hosts_that_are_none(written: str) -> None:
    with pytest.raises(UserError, match=r"elasticsearch\.hosts") as caught:
        elasticsearch_hosts(settings(elasticsearch=written))
    assert caught.value.code == Code.SETTINGS


def test_a_password_in_a_url_is_refused_and_not_repeated() -> None:
    with pytest.raises(UserError) as caught:
        elasticsearch_hosts(settings(elasticsearch="https://elastic:hush-hush@es:9200"))
    assert "hush" not in caught.value.message


def test_local_without_a_server_names_the_command(tmp_path: Path) -> None:
    for ask in (kafka_bootstrap, elasticsearch_hosts):
        with pytest.raises(UserError, match="is not running") as caught:
            ask(settings(data=str(tmp_path)))
        assert caught.value.code == Code.LOCAL_MISSING
        assert caught.value.hint == "newswire up"
