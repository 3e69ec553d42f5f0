"""The local Elasticsearch: one node, which only this machine reaches."""

from __future__ import annotations

import base64
import json
import os
import shutil
from pathlib import Path

from pipeline.local import ports, processes
from pipeline.local.layout import Account
from pipeline.local.lock import ELASTICSEARCH_VERSION
from pipeline.local.server import Launch, Programs, Server
from pipeline.local.state import State

_KEYSTORE_TIMEOUT = 300.0  # seconds; it takes 2 on an idle machine
_WAIT_FOR_SHARDS = 60  # seconds, until the shards of what was indexed before are up


class ElasticsearchServer(Server):
    """The server of Elastic's own distribution for integration tests, with our analysis plugin."""

    name = "elasticsearch"
    title = "Elasticsearch"
    port_setting = "local.elasticsearch_port"
    version = ELASTICSEARCH_VERSION

    def __init__(
        self,
        folder: Path,
        *,
        port: int,
        heap: str,
        account: Account,
        java_options: tuple[str, ...] = (),
        password: str | None = None,
    ) -> None:
        """As `Server`; with a `password`, security is on, and it is that of the user `elastic` of a new cluster."""
        super().__init__(folder, port=port, heap=heap, account=account, java_options=java_options)
        self._password = password

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
            data=json.dumps(str(self.data)),  # a JSON string is a YAML one
            logs=json.dumps(str(self.logs)),
            port=remembered.port,
            transport_port=remembered.inner_port,
            security="false" if self._password is None else "true",
        )
        for name in ("users", "users_roles", "roles.yml", "role_mapping.yml"):
            if not (config / name).exists():
                shutil.copyfile(programs.elasticsearch_home / "config" / name, config / name)
        self._temporary.mkdir(exist_ok=True)
        self.account.give(config)
        self.account.give(self._temporary)
        if self._password is not None:
            self._keep_secret(programs, "bootstrap.password", self._password)
        if any(self.data.iterdir()):
            return remembered
        return State(port=remembered.port, inner_port=remembered.inner_port)  # it gives itself a new uuid

    def _launch(self, programs: Programs) -> Launch:
        # -d: the launcher, a second Java, ends once the server has started
        return Launch([programs.elasticsearch_home / "bin" / "elasticsearch", "-d"], self._environment(programs))

    def _environment(self, programs: Programs) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TZ") if name in os.environ}
        return kept | {
            "PATH": os.environ.get("PATH", os.defpath),  # for the tools of its start script
            "ES_JAVA_HOME": str(programs.java.home),
            "ES_PATH_CONF": str(self._config),
            "ES_JAVA_OPTS": " ".join(
                (f"-Xms{self.heap}", f"-Xmx{self.heap}", *self.java_options, processes.mark(self.folder))
            ),
            "ES_TMPDIR": str(self._temporary),
            "CLI_JAVA_OPTS": "-XX:TieredStopAtLevel=1",  # of the launcher, which lives for seconds
        }

    def _keep_secret(self, programs: Programs, name: str, value: str) -> None:
        """Put a setting that must not stand in a plain file into the server's keystore."""
        self._run_tool(
            [programs.elasticsearch_home / "bin" / "elasticsearch-keystore", "add", "--force", "--stdin", name],
            programs,
            timeout=_KEYSTORE_TIMEOUT,
            failure=f"Elasticsearch cannot keep {name} in its keystore",
            given=value,
        )

    @property
    def _authorization(self) -> str | None:
        if self._password is None:
            return None
        return "Basic " + base64.b64encode(f"elastic:{self._password}".encode()).decode("ascii")

    def _ask(self, port: int) -> str | None:
        answer = ports.elasticsearch_get(port, "/_cluster/state/version", authorization=self._authorization)
        uuid = answer.get("cluster_uuid") if isinstance(answer, dict) else None
        return uuid if isinstance(uuid, str) and uuid != "_na_" else None

    def _settle(self, port: int) -> bool:
        health = ports.elasticsearch_get(
            port,
            f"/_cluster/health?wait_for_status=yellow&timeout={_WAIT_FOR_SHARDS}s",
            authorization=self._authorization,
            timeout=_WAIT_FOR_SHARDS + 10,
        )
        return isinstance(health, dict) and health.get("status") in ("yellow", "green")

    @property
    def log_files(self) -> tuple[Path, ...]:
        """Its own log, beside what it printed."""
        return (self.logs / "elasticsearch.log", *super().log_files)

    @property
    def _config(self) -> Path:
        return self.folder / "config"

    @property
    def _temporary(self) -> Path:
        return self.folder / "tmp"
