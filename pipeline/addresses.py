"""Where Kafka and Elasticsearch are: as configured, or the running servers of `newswire up` where it says "local"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.errors import Code, UserError
from pipeline.settings import LOCAL, Settings

if TYPE_CHECKING:
    from pipeline.local.server import Server

_KAFKA_SERVER = re.compile(r"(?P<host>\[[0-9a-fA-F:.%]+\]|[^\s:/\[\],]+):(?P<port>\d{1,5})")


def kafka_bootstrap(settings: Settings) -> str:
    """The brokers to ask first, as `host:port,host:port`.

    Raises:
        UserError: `settings`, for an address without a port or with a scheme; `local.missing`, naming `newswire up`,
            where the local broker does not run.
    """
    configured = settings.kafka.bootstrap_servers
    if configured.strip() == LOCAL:
        kafka, _ = _local(settings)
        _check_runs(kafka)
        return kafka.address
    servers = _split(configured, "kafka.bootstrap_servers")
    for server in servers:
        match = _KAFKA_SERVER.fullmatch(server)
        if match is None or not 0 < int(match["port"]) < 65536:
            raise UserError(
                Code.SETTINGS,
                f"kafka.bootstrap_servers: {server!r} is not host:port",
                hint='give for example kafka-1:9092,kafka-2:9092, or "local" for the broker of: newswire up',
            )
    return ",".join(servers)


def elasticsearch_hosts(settings: Settings) -> list[str]:
    """The URLs of the Elasticsearch nodes.

    Raises:
        UserError: `settings`, for an address that is no http or https URL with a port; `local.missing`, naming
            `newswire up`, where the local Elasticsearch does not run.
    """
    configured = settings.elasticsearch.hosts
    if configured.strip() == LOCAL:
        _, elasticsearch = _local(settings)
        _check_runs(elasticsearch)
        return [elasticsearch.address]
    hosts = _split(configured, "elasticsearch.hosts")
    for host in hosts:
        if not _is_url_with_port(host):
            raise UserError(
                Code.SETTINGS,
                f"elasticsearch.hosts: {_without_password(host)!r} is not a URL like https://host:9200",
                hint='give scheme, host and port, or "local" for the server of: newswire up;'
                " user and password have settings of their own",
            )
    return [host.rstrip("/") for host in hosts]


def _local(settings: Settings) -> tuple[Server, Server]:
    from pipeline.local.stack import servers  # psutil and more, which a configured address does not need

    return servers(settings.local)


def _check_runs(server: Server) -> None:
    if server.process() is None or server.state.port is None:
        raise UserError(
            Code.LOCAL_MISSING,
            f"the local {server.title} is not running (its data: {server.folder})",
            hint="newswire up",
        )


def _split(configured: str, setting: str) -> list[str]:
    addresses = [address.strip() for address in configured.split(",") if address.strip()]
    if not addresses:
        raise UserError(Code.SETTINGS, f"{setting} is empty", hint='name the servers, or "local"')
    return addresses


def _is_url_with_port(host: str) -> bool:
    try:
        url = urlsplit(host)
        port = url.port
    except ValueError:
        return False
    plain = url.username is None and url.password is None and not url.query and not url.fragment
    return url.scheme in ("http", "https") and bool(url.hostname) and port is not None and plain


def _without_password(host: str) -> str:
    return re.sub(r"//[^/@]*@", "//...@", host)
