"""A real Kafka and a real Elasticsearch with TLS, users and rights, each in its own process."""

from __future__ import annotations

import base64
import http.client
import json
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import trustme
from cryptography.hazmat.primitives import serialization
from elasticsearch import Elasticsearch
from kafka import KafkaAdminClient
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ResourcePattern,
    ResourceType,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from pipeline.local import ports
from pipeline.local import stack as local_stack
from pipeline.local.elasticsearch import ElasticsearchServer
from pipeline.local.kafka import KafkaServer
from pipeline.local.layout import account
from pipeline.local.report import Silent
from pipeline.local.server import Programs
from pipeline.local.state import State
from pipeline.settings import Settings
from tests.support.stack import (
    ELASTICSEARCH_HEAP,
    KAFKA_HEAP,
    folder_for_servers,
    local_settings,
    variables_of,
)

LISTENERS = ("SECURED", "EXPIRED", "ELSEWHERE")  # a good certificate, one that is over, one of another host
ELASTIC_PASSWORD = 'el"as\\tic $pw'  # every character that a shell, curl or JSON could stumble over


class SecuredKafka(KafkaServer):
    """The local Kafka with three listeners for SASL over TLS besides, and an authorizer.

    The plain listener stays, for our own probes and for the administrator's work; it is on loopback.
    """

    def __init__(self, folder: Path, *, certificates: dict[str, Path], **options: Any) -> None:
        super().__init__(folder, port=0, heap=KAFKA_HEAP, account=account(), **options)
        self._certificates = certificates
        self.ports: dict[str, int] = {}

    def _prepare(self, programs: Programs, remembered: State) -> State:
        known = super()._prepare(programs, remembered)
        if not self.ports:
            taken = {remembered.port or 0, remembered.inner_port or 0}
            for name in LISTENERS:
                self.ports[name] = ports.choose(avoid=taken)
                taken.add(self.ports[name])
        text = self._config.read_text(encoding="utf-8")
        more = "".join(f",{name}://{ports.HOST}:{port}" for name, port in self.ports.items())
        lines = []
        for line in text.splitlines():
            if line.startswith(("listeners=", "advertised.listeners=")):
                line += more
            if line.startswith("listener.security.protocol.map="):
                line += "".join(f",{name}:SASL_SSL" for name in self.ports)
            lines.append(line)
        lines += [
            "sasl.enabled.mechanisms=SCRAM-SHA-512,SCRAM-SHA-256",
            "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users=User:ANONYMOUS",
            # kafka-python loses a refusal that arrives together with the end of the connection, 100 ms later by
            # default: on a machine full of tests that is no time
            "connection.failed.authentication.delay.ms=1000",
        ]
        for name in self.ports:
            prefix = f"listener.name.{name.lower()}"
            lines += [
                f"{prefix}.ssl.keystore.type=PEM",
                f"{prefix}.ssl.keystore.location={self._certificates[name]}",
            ]
            for mechanism in ("scram-sha-512", "scram-sha-256"):
                module = "org.apache.kafka.common.security.scram.ScramLoginModule"
                lines.append(f"{prefix}.{mechanism}.sasl.jaas.config={module} required;")
        self._config.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return known

    def address_of(self, listener: str) -> str:
        """For `bootstrap_servers`."""
        return f"{ports.HOST}:{self.ports[listener]}"


class SecuredElasticsearch(ElasticsearchServer):
    """The local Elasticsearch with users and TLS on its HTTP port."""

    def __init__(self, folder: Path, *, certificate: Path, key: Path, authority: Path, **options: Any) -> None:
        super().__init__(
            folder, port=0, heap=ELASTICSEARCH_HEAP, account=account(), password=ELASTIC_PASSWORD, **options
        )
        self._files = {"certificate": certificate, "key": key}
        self._authority = authority

    @property
    def address(self) -> str:
        """For `hosts`."""
        return f"https://{ports.HOST}:{self.state.port}"

    def _prepare(self, programs: Programs, remembered: State) -> State:
        known = super()._prepare(programs, remembered)
        config = self._config / "elasticsearch.yml"
        lines = ["xpack.security.http.ssl.enabled: true", "xpack.security.authc.api_key.enabled: true"]
        for name, source in self._files.items():
            target = self._config / f"http.{name}.pem"  # the server reads nothing outside its own folder
            target.write_bytes(source.read_bytes())
            lines.append(f"xpack.security.http.ssl.{name}: {target.name}")
        config.write_text(config.read_text(encoding="utf-8") + "\n".join(lines) + "\n", encoding="utf-8")
        self.account.give(self._config)
        return known

    def _get(self, port: int, path: str, *, timeout: float = 5.0) -> Any:
        context = ssl.create_default_context(cafile=self._authority)
        login = base64.b64encode(f"elastic:{ELASTIC_PASSWORD}".encode()).decode("ascii")
        with closing(http.client.HTTPSConnection(ports.HOST, port, timeout=timeout, context=context)) as connection:
            try:
                connection.request("GET", path, headers={"Authorization": f"Basic {login}"})
                return json.loads(connection.getresponse().read())
            except http.client.HTTPException as error:
                raise ValueError(f"no HTTP: {error!r}") from error

    def _ask(self, port: int) -> str | None:
        answer = self._get(port, "/_cluster/state/version")
        uuid = answer.get("cluster_uuid") if isinstance(answer, dict) else None
        return uuid if isinstance(uuid, str) and uuid != "_na_" else None

    def _settle(self, port: int) -> bool:
        answer = self._get(port, "/_cluster/health?wait_for_status=yellow&timeout=60s", timeout=70.0)
        return isinstance(answer, dict) and answer.get("status") in ("yellow", "green")


@dataclass(frozen=True)
class Secured:
    """Both servers, and the authority that signed their certificates."""

    kafka: SecuredKafka
    elasticsearch: SecuredElasticsearch
    authority: Path  # PEM
    other_authority: Path  # one that signed nothing
    folder: Path

    def environment(self, settings: Settings) -> dict[str, str]:
        """The variables by which a process has these settings."""
        return variables_of({name: getattr(settings, name) for name in type(settings).model_fields})

    @contextmanager
    def administrator(self) -> Iterator[Any]:
        """Of Kafka."""
        client: Any = KafkaAdminClient(bootstrap_servers=[self.kafka.address])
        try:
            yield client
        finally:
            client.close()

    def add_user(self, name: str, password: str) -> None:
        """A user of Kafka with SCRAM-SHA-512 and no rights."""
        with self.administrator() as client:
            client.alter_user_scram_credentials(
                [UserScramCredentialUpsertion(name, ScramMechanism.SCRAM_SHA_512, password)]
            )

    def allow(self, name: str, resource: ResourceType, pattern: str, *operations: ACLOperation) -> None:
        """Give a user of Kafka rights."""
        with self.administrator() as client:
            client.create_acls(
                [
                    ACL(f"User:{name}", "*", operation, ACLPermissionType.ALLOW, ResourcePattern(resource, pattern))
                    for operation in operations
                ]
            )

    def client(self, user: str = "elastic", password: str = ELASTIC_PASSWORD) -> Elasticsearch:
        """A client of Elasticsearch."""
        return Elasticsearch(
            self.elasticsearch.address,
            basic_auth=(user, password),
            ca_certs=str(self.authority),
            max_retries=0,
            request_timeout=60,
        )


def certificates(folder: Path) -> dict[str, Path]:
    """Files in PEM: an authority, another one, and certificates for each listener, with their keys."""
    authority, other = trustme.CA(), trustme.CA()
    files = {"authority": folder / "ca.pem", "other": folder / "other-ca.pem"}
    authority.cert_pem.write_to_path(str(files["authority"]))
    other.cert_pem.write_to_path(str(files["other"]))
    yesterday = datetime.now(UTC) - timedelta(days=1)
    issued = {
        "SECURED": authority.issue_cert(ports.HOST, "localhost"),
        "EXPIRED": authority.issue_cert(ports.HOST, not_before=yesterday - timedelta(days=9), not_after=yesterday),
        "ELSEWHERE": authority.issue_cert("kafka.example.org"),
    }
    for name, certificate in issued.items():
        files[name] = folder / f"{name.lower()}.pem"
        key = _pkcs8(certificate.private_key_pem.bytes())
        chain = b"".join(part.bytes() for part in certificate.cert_chain_pems)
        files[name].write_bytes(key + chain)
        for part, content in (("key", key), ("chain", chain)):
            files[f"{name} {part}"] = folder / f"{name.lower()}.{part}.pem"
            files[f"{name} {part}"].write_bytes(content)
    for file in files.values():
        file.chmod(0o644)  # the servers' account reads them; they are worth nothing
    return files


def _pkcs8(key: bytes) -> bytes:
    """A key in the only form that Kafka reads from PEM."""
    return serialization.load_pem_private_key(key, password=None).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@contextmanager
def secured() -> Iterator[Secured]:
    """Both, started anew and ended afterwards whatever happens."""
    with folder_for_servers() as folder:
        local = local_settings(folder)
        programs = local_stack.programs(local)
        files = certificates(folder)
        options = {"java_options": tuple(local.java_options.split())}
        kafka = SecuredKafka(folder / "kafka", certificates=files, **options)
        elasticsearch = SecuredElasticsearch(
            folder / "elasticsearch",
            certificate=files["SECURED chain"],
            key=files["SECURED key"],
            authority=files["authority"],
            **options,
        )
        try:
            waiting = [(server, server.begin(programs, report=Silent())) for server in (elasticsearch, kafka)]
            for server, starter in waiting:
                server.wait(starter, report=Silent())
            yield Secured(kafka, elasticsearch, files["authority"], files["other"], folder)
        finally:
            for server in (kafka, elasticsearch):
                server.kill()
