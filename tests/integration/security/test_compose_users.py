"""The users of docker-compose.yml on a real Elasticsearch with security: who may do what."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from elasticsearch import AuthenticationException, AuthorizationException, Elasticsearch

from pipeline import identity
from pipeline.index.setup import setup
from pipeline.resources import resource
from pipeline.settings import load
from tests.support.secured import ELASTIC_PASSWORD, Secured

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(not (shutil.which("curl") and shutil.which("bash")), reason="needs bash and curl"),
]

OTHERS = {
    "KIBANA_PASSWORD": 'ki"ba\\na pw',
    "NEWSWIRE_WORKER_PASSWORD": "wor'ker: pw#1",
    "NEWSWIRE_READER_PASSWORD": "reader=pw%20",
}
DOCUMENT = {"uri": "urn:x:1", "body": "Text.", "versionCreated": "2025-03-03", "pubStatus": "usable"}


def create_users(servers: Secured, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run the script as docker-compose.yml does."""
    environment = {
        "ELASTICSEARCH_URL": servers.elasticsearch.address,
        "ELASTIC_PASSWORD": ELASTIC_PASSWORD,
        "CURL_CA_BUNDLE": str(servers.authority),
        "ROLES": str(resource("config/elasticsearch/roles")),
        "PATH": os.environ["PATH"],
        **OTHERS,
        **changes,
    }
    script = resource("config/docker/create-users.sh")
    return subprocess.run(["bash", str(script)], env=environment, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def users(secured: Secured) -> Secured:
    for _ in range(2):  # the second time changes nothing
        done = create_users(secured)
        assert done.returncode == 0, done.stderr
    with secured.client() as client:
        setup(client, load(resource("config/newswire.toml")))
    return secured


def _write(client: Elasticsearch, uri: str, **changes: Any) -> None:
    answer = client.bulk(
        operations=[
            {"index": {"_index": identity.WRITE_ALIAS, "_id": uri, "version": 1, "version_type": "external_gte"}},
            DOCUMENT | {"uri": uri, "@timestamp": "2025-03-03T00:00:00Z"} | changes,
        ],
        refresh=True,
    )
    assert not answer["errors"], answer


def test_the_worker_writes_articles_and_nothing_else(users: Secured) -> None:
    with users.client("newswire_worker", OTHERS["NEWSWIRE_WORKER_PASSWORD"]) as worker:
        _write(worker, "urn:x:worker")
        forbidden_calls: list[Callable[[], object]] = [
            lambda: worker.indices.put_index_template(name="x", index_patterns=["x"]),
            lambda: worker.indices.delete(index=identity.index_name()),
            lambda: worker.index(index="something-else", document={}),
            lambda: worker.security.get_user(),
            lambda: worker.delete(index=identity.index_name(), id="urn:x:worker"),
        ]
        for forbidden in forbidden_calls:
            with pytest.raises(AuthorizationException):
                forbidden()


def test_the_reader_sees_through_the_alias_alone(users: Secured) -> None:
    with users.client("newswire_worker", OTHERS["NEWSWIRE_WORKER_PASSWORD"]) as worker:
        _write(worker, "urn:x:open")
        _write(worker, "urn:x:embargoed", embargoed="2099-01-01T00:00:00Z")
        _write(worker, "urn:x:withheld", pubStatus="withheld")
    with users.client("newswire_reader", OTHERS["NEWSWIRE_READER_PASSWORD"]) as reader:
        ours = {"ids": {"values": ["urn:x:open", "urn:x:embargoed", "urn:x:withheld"]}}
        found = {hit["_id"] for hit in reader.search(index=identity.READ_ALIAS, query=ours)["hits"]["hits"]}
        assert found == {"urn:x:open"}
        forbidden_calls: list[Callable[[], object]] = [
            lambda: reader.search(index=identity.index_name()),
            lambda: reader.search(index=identity.WRITE_ALIAS),
            lambda: reader.index(index=identity.READ_ALIAS, document=DOCUMENT),
            lambda: reader.search(index=identity.REGISTER),
            lambda: reader.delete(index=identity.index_name(), id="urn:x:open"),
        ]
        for forbidden in forbidden_calls:
            with pytest.raises(AuthorizationException):
                forbidden()


def test_kibana_has_its_password(users: Secured) -> None:
    with users.client("kibana_system", OTHERS["KIBANA_PASSWORD"]) as kibana:
        assert kibana.security.authenticate()["username"] == "kibana_system"
    with users.client("kibana_system", "changeme") as wrong, pytest.raises(AuthenticationException):
        wrong.security.authenticate()


def test_a_wrong_password_is_told(users: Secured) -> None:
    done = create_users(users, ELASTIC_PASSWORD="wrong")
    assert done.returncode == 1
    assert "was refused" in done.stderr
    assert "401" in done.stderr
