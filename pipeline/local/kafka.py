"""The local Kafka: one process, broker and KRaft controller in one."""

from __future__ import annotations

import base64
import os
import uuid
from dataclasses import replace
from pathlib import Path

from pipeline.local import ports, processes
from pipeline.local.lock import KAFKA_VERSION
from pipeline.local.server import Launch, Programs, Server
from pipeline.local.state import State

_FORMAT_TIMEOUT = 300.0  # seconds; it takes 2 on an idle machine


class KafkaServer(Server):
    """Kafka's own classes, started from their jars."""

    name = "kafka"
    title = "Kafka"
    port_setting = "local.kafka_port"
    version = KAFKA_VERSION

    @property
    def address(self) -> str:
        """For `bootstrap_servers`."""
        return f"{ports.HOST}:{self.state.port}"

    def _prepare(self, programs: Programs, remembered: State) -> State:
        self._fill_in(
            "kafka.properties",
            self._config,
            port=remembered.port,
            controller_port=remembered.inner_port,
            data=self.data,
        )
        if (self.data / "meta.properties").exists():
            return remembered
        # Kafka's ids are UUIDs in URL-safe base 64; one that begins with - would be taken for an option
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "_")
        options = ["-Xmx128m", "-XX:TieredStopAtLevel=1"]
        tool = ["kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(self._config), "--standalone"]
        self._run_tool(
            [programs.java.executable, *options, *tool],
            programs,
            timeout=_FORMAT_TIMEOUT,
            failure=f"Kafka cannot make its storage in {self.data}",
        )
        return replace(remembered, cluster=cluster)

    def _launch(self, programs: Programs) -> Launch:
        options = [
            f"-Xmx{self.heap}",
            "-XX:+UseG1GC",
            "-XX:+ExitOnOutOfMemoryError",
            f"-XX:ErrorFile={self.logs}/hs_err_pid%p.log",
            "-Djava.awt.headless=true",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
            *self.java_options,
            processes.mark(self.folder),
        ]
        return Launch([programs.java.executable, *options, "kafka.Kafka", self._config], self._environment(programs))

    def _ask(self, port: int) -> str | None:
        cluster, brokers = ports.kafka_cluster(port)
        return cluster if brokers else None

    @property
    def _config(self) -> Path:
        return self.folder / "kafka.properties"

    def _environment(self, programs: Programs) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TZ") if name in os.environ}
        return kept | {"PATH": os.defpath, "CLASSPATH": os.pathsep.join(str(jar) for jar in programs.kafka_jars)}
