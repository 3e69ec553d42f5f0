"""The local stack on its real servers: starts, crashes, foreign servers, and two side by side."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
import pytest
from elasticsearch import Elasticsearch
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic

from pipeline.addresses import elasticsearch_hosts, kafka_bootstrap
from pipeline.errors import Code, UserError
from pipeline.local import ports
from pipeline.local import stack as local_stack
from pipeline.local.report import Silent
from pipeline.local.server import Server
from pipeline.settings import Local, Settings
from tests.support.ledger import wait_for
from tests.support.stack import Stack, folder_for_servers, local_settings, unique

pytestmark = pytest.mark.servers

GUARD = 300.0  # seconds: against hanging, not a measurement


def newswire(local: Local, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The command line with the stack of `local`, and nothing else from the environment's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEWSWIRE")}
    chosen = {f"NEWSWIRE__LOCAL__{name.upper()}": str(value) for name, value in local.model_dump().items()}
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *arguments],
        env=kept | chosen | more,
        capture_output=True,
        text=True,
        check=False,
    )


def comes_up(server: Server) -> None:
    """It answers; on a busy machine maybe not at the first time of asking."""
    wait_for(server.is_up, timeout=GUARD, what=f"an answer of {server.title}")


def end(local: Local) -> None:
    for server in local_stack.servers(local):
        server.kill()


def put_one(stack: Stack, topic: str, value: bytes) -> None:
    producer: Any = KafkaProducer(bootstrap_servers=stack.bootstrap, acks="all")
    producer.send(topic, value).get(GUARD)
    producer.close()


def values(stack: Stack, topic: str) -> list[bytes]:
    consumer: Any = KafkaConsumer(bootstrap_servers=stack.bootstrap, enable_auto_commit=False)
    partition = TopicPartition(topic, 0)
    consumer.assign([partition])
    consumer.seek_to_beginning(partition)
    last = consumer.end_offsets([partition])[partition]
    found: list[bytes] = []
    while consumer.position(partition) < last:
        found += [record.value for batch in consumer.poll(timeout_ms=1000).values() for record in batch]
    consumer.close()
    return found


def create_topic(stack: Stack, topic: str) -> None:
    admin: Any = KafkaAdminClient(bootstrap_servers=stack.bootstrap)
    admin.create_topics([NewTopic(topic, 1, 1)])
    admin.close()


def test_both_servers_answer_as_the_clusters_of_their_folders(stack: Stack) -> None:
    comes_up(stack.kafka.server)
    comes_up(stack.elasticsearch.server)
    port = stack.kafka.server.state.port
    assert port is not None
    assert ports.kafka_cluster(port) == (stack.kafka.server.state.cluster, 1)


def test_they_listen_on_this_machine_only(stack: Stack) -> None:
    for server in (stack.kafka.server, stack.elasticsearch.server):
        process = server.process()
        assert process is not None
        listening = [each.laddr.ip for each in process.net_connections("inet") if each.status == psutil.CONN_LISTEN]
        assert len(listening) >= 2
        assert set(listening) <= {"127.0.0.1", "::ffff:127.0.0.1", "::1"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has privileges to drop")
def test_where_we_are_root_they_are_not(stack: Stack) -> None:
    for server in (stack.kafka.server, stack.elasticsearch.server):
        process = server.process()
        assert process is not None
        assert 0 not in process.uids()
        assert 0 not in process.gids()


def test_no_topic_comes_into_being_by_a_mistyped_name(stack: Stack) -> None:
    name = unique("mistyped")
    producer: Any = KafkaProducer(bootstrap_servers=stack.bootstrap, max_block_ms=2000)
    with suppress(Exception):
        producer.send(name, b"x").get(5)
    producer.close()
    consumer: Any = KafkaConsumer(bootstrap_servers=stack.bootstrap)
    assert name not in consumer.topics()
    consumer.close()


def test_an_article_of_the_largest_size_passes(stack: Stack) -> None:
    topic, large = unique("large"), os.urandom(6_000_000)
    create_topic(stack, topic)
    producer: Any = KafkaProducer(bootstrap_servers=stack.bootstrap, acks="all", max_request_size=7_000_000)
    producer.send(topic, large).get(GUARD)
    producer.close()
    assert values(stack, topic) == [large]


class Kept:
    """Data in both servers, to be found again after they were ended and started."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.name = unique("kept")
        self.client = Elasticsearch(stack.url, request_timeout=60)
        create_topic(stack, self.name)
        put_one(stack, self.name, b"before")
        self.client.index(index=self.name, id="1", document={"text": "before"})
        self.identities = self._identities()

    def _identities(self) -> list[tuple[int | None, str | None]]:
        states = (self.stack.kafka.server.state, self.stack.elasticsearch.server.state)
        return [(state.port, state.cluster) for state in states]

    def check(self) -> None:
        assert self._identities() == self.identities
        put_one(self.stack, self.name, b"after")
        assert values(self.stack, self.name) == [b"before", b"after"]
        assert self.client.get(index=self.name, id="1")["_source"] == {"text": "before"}
        self.client.indices.delete(index=self.name)


def test_data_ports_and_identity_survive_down_and_up(stack: Stack) -> None:
    kept = Kept(stack)
    assert newswire(stack.local, "down").returncode == 0
    assert not stack.kafka.running
    assert not stack.elasticsearch.running
    up = newswire(stack.local, "up")
    assert up.returncode == 0, up.stderr
    kept.check()


def test_they_survive_a_crash_and_one_that_answers_in_their_place_is_recognised(stack: Stack) -> None:
    kept = Kept(stack)
    stack.kafka.kill()
    stack.elasticsearch.kill()
    port = stack.elasticsearch.server.state.port
    assert port is not None
    with impostor(port):
        assert not stack.elasticsearch.server.is_up()
        assert newswire(stack.local, "status").returncode == 1
        assert "'theirs'" in ports.holder(port)
        configured = stack.local.model_copy(update={"elasticsearch_port": port})
        with pytest.raises(UserError, match=r"another Elasticsearch \(cluster 'theirs', uuid theirs\)"):
            local_stack.up(configured)
    local_stack.up(stack.local)
    kept.check()


class Impostor(BaseHTTPRequestHandler):
    """Answers as an Elasticsearch of another cluster would."""

    def do_GET(self) -> None:
        body = json.dumps({"cluster_name": "theirs", "cluster_uuid": "theirs", "status": "green"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def impostor(port: int) -> Iterator[None]:
    with ThreadingHTTPServer(("127.0.0.1", port), Impostor) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def test_up_again_says_so_and_starts_nothing(stack: Stack) -> None:
    endpoints = local_stack.up(stack.local)
    assert not endpoints.started_now
    assert endpoints.kafka_pid == stack.kafka.server.state.pid
    assert (endpoints.kafka, endpoints.elasticsearch) == (stack.bootstrap, stack.url)
    done = newswire(stack.local, "up")
    assert done.returncode == 0
    assert "running already" in done.stdout
    assert stack.bootstrap in done.stdout


def test_up_brings_back_the_one_that_is_missing(stack: Stack) -> None:
    pid = stack.elasticsearch.server.state.pid
    stack.kafka.kill()
    assert newswire(stack.local, "status").returncode == 1
    endpoints = local_stack.up(stack.local)
    assert endpoints.started_now
    assert endpoints.elasticsearch_pid == pid
    comes_up(stack.kafka.server)


def test_a_running_server_is_found_though_its_process_id_was_forgotten(stack: Stack) -> None:
    state = stack.kafka.server.folder / "state.json"
    data = json.loads(state.read_text())
    state.write_text(json.dumps(data | {"pid": 1}))
    assert not local_stack.up(stack.local).started_now
    process = stack.kafka.server.process()
    assert process is not None
    assert process.pid == data["pid"]
    state.write_text(json.dumps(data))


def test_status_tells_what_runs(stack: Stack) -> None:
    assert newswire(stack.local, "setup").returncode == 0

    def healthy() -> Any:  # busy servers may be late with an answer
        done = newswire(stack.local, "status", "--json")
        return done.returncode == 0 and json.loads(done.stdout)

    told = wait_for(healthy, timeout=GUARD, what="servers that are well")
    assert told["healthy"] is True
    for name, handle in (("kafka", stack.kafka), ("elasticsearch", stack.elasticsearch)):
        server = told["servers"][name]
        assert server["up"] is True
        assert server["pid"] == handle.server.state.pid
        assert server["address"] == handle.server.address
        assert server["version"] == handle.server.version
        assert server["memory"] > 50_000_000
        assert Path(server["data"]).is_dir()
        assert Path(server["logs"]).is_dir()
        assert server["data_bytes"] > 0
    assert stack.url in newswire(stack.local, "status").stdout


def test_local_addresses_are_those_of_the_running_servers(stack: Stack) -> None:
    settings = Settings(local=stack.local)
    assert kafka_bootstrap(settings) == stack.bootstrap
    assert elasticsearch_hosts(settings) == [stack.url]
    stack.kafka.stop()
    with pytest.raises(UserError, match="Kafka is not running"):
        kafka_bootstrap(settings)
    assert elasticsearch_hosts(settings) == [stack.url]


@pytest.fixture
def second() -> Iterator[Local]:
    """Settings of another stack, whose servers are ended with the test."""
    with folder_for_servers() as folder:
        local = local_settings(folder)
        try:
            yield local
        finally:
            end(local)


def test_foreign_servers_on_configured_ports_are_named(stack: Stack, second: Local) -> None:
    kafka_port, elasticsearch_port = stack.kafka.server.state.port, stack.elasticsearch.server.state.port
    for changed, words in (
        ({"kafka_port": kafka_port}, ("another Kafka", f"(cluster {stack.kafka.server.state.cluster})")),
        (
            {"elasticsearch_port": elasticsearch_port},
            ("another Elasticsearch", f"uuid {stack.elasticsearch.server.state.cluster}"),
        ),
        ({"elasticsearch_port": kafka_port}, ("another Kafka", "Elasticsearch cannot start there")),
    ):
        local = second.model_copy(update=changed)
        done = newswire(local, "up")
        assert done.returncode == 2, done.stdout
        for word in (*words, "is taken by", next(iter(changed)), "=0 newswire up"):
            assert word in done.stderr
        assert all(server.process() is None for server in local_stack.servers(local)), "what was begun is ended"
    comes_up(stack.kafka.server)  # the foreign servers are left alone
    comes_up(stack.elasticsearch.server)


def test_a_port_that_was_only_kept_gives_way(stack: Stack, second: Local) -> None:
    kafka, _ = local_stack.servers(second)
    kafka.folder.mkdir(parents=True)
    (kafka.folder / "state.json").write_text(json.dumps({"port": stack.kafka.server.state.port}))
    kafka.start(local_stack.programs(second), report=Silent())
    assert kafka.state.port != stack.kafka.server.state.port
    comes_up(kafka)
    comes_up(stack.kafka.server)


def test_two_stacks_side_by_side_and_what_down_ends(stack: Stack, second: Local) -> None:
    up = newswire(second, "up")
    assert up.returncode == 0, up.stderr
    kafka, elasticsearch = local_stack.servers(second)
    comes_up(kafka)
    comes_up(elasticsearch)
    assert kafka.address != stack.bootstrap
    down = newswire(second, "down")
    assert (down.returncode, down.stdout) == (0, "stopped\n")
    assert kafka.process() is None
    assert elasticsearch.process() is None
    assert (kafka.data / "meta.properties").exists(), "data is kept"
    comes_up(stack.kafka.server)
    comes_up(stack.elasticsearch.server)
    again = newswire(second, "down", "--delete-data")
    assert again.returncode == 0
    assert "nothing was running" in again.stdout
    assert not kafka.folder.exists()
    assert not elasticsearch.folder.exists()


def test_what_an_interrupted_up_began_is_ended(second: Local) -> None:
    variables = {f"NEWSWIRE__LOCAL__{name.upper()}": str(value) for name, value in second.model_dump().items()}
    command = [sys.executable, "-m", "pipeline.cli", "up"]
    with subprocess.Popen(command, env=os.environ | variables, stderr=subprocess.PIPE, text=True) as process:
        kafka, elasticsearch = local_stack.servers(second)
        wait_for(lambda: kafka.process() is not None, timeout=GUARD, what="Kafka's process")
        process.send_signal(signal.SIGINT)  # in the moment of its start: `up` must know of it all the same
        process.wait(GUARD)
    assert process.returncode not in (0, None)
    wait_for(lambda: kafka.process() is None, timeout=GUARD, what="the end of Kafka")
    wait_for(lambda: elasticsearch.process() is None, timeout=GUARD, what="the end of Elasticsearch")
    folder = str(kafka.folder.parent)
    wait_for(lambda: not _mentions(folder), timeout=GUARD, what="the end of what launched them")


def _mentions(text: str) -> list[int]:
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            environment = process.environ() if process.name() == "java" else {}
            if text in " ".join([*process.cmdline(), *environment.values()]):
                found.append(process.pid)
    return found


def test_a_server_that_ends_at_once_is_told_with_its_log(stack: Stack, second: Local) -> None:
    kafka, _ = local_stack.servers(second.model_copy(update={"java_options": "-XX:NoSuchOption"}))
    with pytest.raises(UserError, match="Kafka ended while it started") as caught:
        kafka.start(local_stack.programs(second), report=Silent())
    assert caught.value.code == Code.LOCAL_FAILED
    assert "NoSuchOption" in caught.value.message
    assert "newswire down --delete-data" in str(caught.value.hint)


def test_without_java_the_message_names_what_to_install(second: Local, tmp_path: Path) -> None:
    done = newswire(second.model_copy(update={"java_home": str(tmp_path)}), "up")
    assert done.returncode == 2
    assert "local.java_home" in done.stderr
    assert "JDK 21 or newer" in done.stderr


def test_down_where_nothing_was_ever_up(tmp_path: Path) -> None:
    local = local_settings(tmp_path / "never")
    done = newswire(local, "down")
    assert (done.returncode, done.stdout) == (0, "nothing was running\n")
    assert not (tmp_path / "never").exists()
    assert newswire(local, "status").returncode == 1
