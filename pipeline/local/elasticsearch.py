"""The local Elasticsearch: one node, which only this machine reaches."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from pipeline.local import ports, processes
from pipeline.local.lock import ELASTICSEARCH_VERSION
from pipeline.local.server import Launch, Programs, Server
from pipeline.local.state import State

_WAIT_FOR_SHARDS = 10  # seconds a probe waits for the shards of what was indexed before to come up


class ElasticsearchServer(Server):
    """The server of Elastic's own distribution for integration tests, with our analysis plugin."""

    name = "elasticsearch"
    title = "Elasticsearch"
    port_setting = "local.elasticsearch_port"
    version = ELASTICSEARCH_VERSION

    @property
    def address(self) -> str:
        """For `hosts`."""
        return f"http://{ports.HOST}:{self.state.port}"

    def _prepare(self, programs: Programs, remembered: State) -> State:
        config = self._config
        (config / "jvm.options.d").mkdir(parents=True, exist_ok=True)
        self._fill_in("elasticsearch.jvm.options", config / "jvm.options", logs=self.logs)
        self._fill_in("elasticsearch.log4j2.properties", config / "log4j2.properties")
        self._fill_in(
            "elasticsearch.yml",
            config / "elasticsearch.yml",
            cluster_name="newswire-local",
            data=self.data,
            logs=self.logs,
            port=remembered.port,
            transport_port=remembered.inner_port,
            security="false",
        )
        for name in ("users", "users_roles", "roles.yml", "role_mapping.yml"):
            if not (config / name).exists():
                shutil.copyfile(programs.elasticsearch_home / "config" / name, config / name)
        self._temporary.mkdir(exist_ok=True)
        self.account.give(config)
        self.account.give(self._temporary)
        if any(self.data.iterdir()):
            return remembered
        return State(port=remembered.port, inner_port=remembered.inner_port)  # it gives itself a new uuid

    def _launch(self, programs: Programs) -> Launch:
        home = programs.elasticsearch_home
        kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TZ") if name in os.environ}
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),  # for the tools of its start script
            "ES_JAVA_HOME": str(programs.java.home),
            "ES_PATH_CONF": str(self._config),
            "ES_JAVA_OPTS": f"-Xms{self.heap} -Xmx{self.heap} {processes.mark(self.folder)}",
            "ES_TMPDIR": str(self._temporary),
            "CLI_JAVA_OPTS": "-XX:TieredStopAtLevel=1",  # of the launcher, which lives for seconds
        }
        # -d: the launcher, a second Java, ends once the server has started
        return Launch([home / "bin" / "elasticsearch", "-d"], kept | environment)

    def _ask(self, port: int) -> str | None:
        health = ports.elasticsearch_get(
            port,
            f"/_cluster/health?wait_for_status=yellow&timeout={_WAIT_FOR_SHARDS}s",
            timeout=_WAIT_FOR_SHARDS + 5,
        )
        if not isinstance(health, dict) or health.get("status") not in ("yellow", "green"):
            return None
        answer = ports.elasticsearch_get(port, "/_cluster/state/version")
        uuid = answer.get("cluster_uuid") if isinstance(answer, dict) else None
        return uuid if isinstance(uuid, str) and uuid != "_na_" else None

    @property
    def _config(self) -> Path:
        return self.folder / "config"

    @property
    def _temporary(self) -> Path:
        return self.folder / "tmp"
