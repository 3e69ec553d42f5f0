"""The users of docker-compose.yml on a real Elasticsearch with security: who may do what."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from elasticsearch import AuthenticationException, AuthorizationException, Elasticsearch

from pipeline import identity
from pipeline.index.setup import setup
from pipeline.local import stack as local_stack
from pipeline.local.elasticsearch import ElasticsearchServer
from pipeline.local.layout import account
from pipeline.local.report import Silent
from pipeline.resources import resource
from pipeline.settings import load
from tests.support.stack import ELASTICSEARCH_HEAP, folder_for_servers, local_settings

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(not (shutil.which("curl") and shutil.which("bash")), reason="needs bash and curl"),
]

PASSWORD = 'el"as\\tic $pw'  # every character that a shell, curl or JSON could stumble over
OTHERS = {
    "KIBANA_PASSWORD": 'ki"ba\\na pw',
    "NEWSWIRE_WORKER_PASSWORD": "wor'ker: pw#1",
    "NEWSWIRE_READER_PASSWORD": "reader=pw%20",
}
DOCUMENT = {"uri": "urn:x:1", "body": "Text.", "versionCreated": "2025-03-03", "pubStatus": "usable"}


class Secured:
    """A server with our users, and a client for each."""

    def __init__(self, url: str) -> None:
        self.url = url

    def client(self, user: str, password: str) -> Elasticsearch:
        return Elasticsearch(self.url, basic_auth=(user, password), max_retries=0)

    def create_users(self) -> subprocess.CompletedProcess[str]:
        script = resource("config/docker/create-users.sh")
        environment = {"ELASTICSEARCH_URL": self.url, "ELASTIC_PASSWORD": PASSWORD, **OTHERS}
        return subprocess.run(
            ["bash", str(script)],
            env={"PATH": os.environ["PATH"], **environment},
            capture_output=True,
            text=True,
            timeout=120,
        )


@pytest.fixture(scope="module")
def secured() -> Iterator[Secured]:
    with folder_for_servers() as folder:
        local = local_settings(folder)
        server = ElasticsearchServer(
            folder / "elasticsearch", port=0, heap=ELASTICSEARCH_HEAP, account=account(), password=PASSWORD
        )
        try:
            server.start(local_stack.programs(local), report=Silent())
            found = Secured(server.address)
            for _ in range(2):  # the second time changes nothing
                done = found.create_users()
                assert done.returncode == 0, done.stderr
            with found.client("elastic", PASSWORD) as client:
                setup(client, load(resource("config/newswire.toml")))
            yield found
        finally:
            server.kill()


def _write(client: Elasticsearch, uri: str, **changes: Any) -> None:
    answer = client.bulk(
        operations=[
            {"index": {"_index": identity.WRITE_ALIAS, "_id": uri, "version": 1, "version_type": "external_gte"}},
            DOCUMENT | {"uri": uri, "@timestamp": "2025-03-03T00:00:00Z"} | changes,
        ],
        refresh=True,
    )
    assert not answer["errors"], answer


def test_the_worker_writes_articles_and_nothing_else(secured: Secured) -> None:
    with secured.client("newswire_worker", OTHERS["NEWSWIRE_WORKER_PASSWORD"]) as worker:
        _write(worker, "urn:x:worker")
        forbidden_calls: list[Callable[[], object]] = [
            lambda: worker.indices.put_index_template(name="x", index_patterns=["x"]),
            lambda: worker.indices.delete(index=identity.index_name()),
            lambda: worker.index(index="something-else", document={}),
            lambda: worker.security.get_user(),
        ]
        for forbidden in forbidden_calls:
            with pytest.raises(AuthorizationException):
                forbidden()


def test_the_reader_sees_through_the_alias_alone(secured: Secured) -> None:
    with secured.client("newswire_worker", OTHERS["NEWSWIRE_WORKER_PASSWORD"]) as worker:
        _write(worker, "urn:x:open")
        _write(worker, "urn:x:embargoed", embargoed="2099-01-01T00:00:00Z")
        _write(worker, "urn:x:withheld", pubStatus="withheld")
    with secured.client("newswire_reader", OTHERS["NEWSWIRE_READER_PASSWORD"]) as reader:
        found = {hit["_id"] for hit in reader.search(index=identity.READ_ALIAS, size=50)["hits"]["hits"]}
        assert "urn:x:open" in found
        assert not found & {"urn:x:embargoed", "urn:x:withheld"}
        forbidden_calls: list[Callable[[], object]] = [
            lambda: reader.search(index=identity.index_name()),
            lambda: reader.search(index=identity.WRITE_ALIAS),
            lambda: reader.index(index=identity.READ_ALIAS, document=DOCUMENT),
        ]
        for forbidden in forbidden_calls:
            with pytest.raises(AuthorizationException):
                forbidden()


def test_kibana_has_its_password(secured: Secured) -> None:
    with secured.client("kibana_system", OTHERS["KIBANA_PASSWORD"]) as kibana:
        assert kibana.security.authenticate()["username"] == "kibana_system"
    with secured.client("kibana_system", "changeme") as wrong, pytest.raises(AuthenticationException):
        wrong.security.authenticate()


def test_a_wrong_password_is_told(secured: Secured) -> None:
    script = resource("config/docker/create-users.sh")
    environment = {"ELASTICSEARCH_URL": secured.url, "ELASTIC_PASSWORD": "wrong", **OTHERS}
    done = subprocess.run(
        ["bash", str(script)], env={"PATH": os.environ["PATH"], **environment}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "was refused" in done.stderr
    assert "401" in done.stderr
