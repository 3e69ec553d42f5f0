"""The Faust app: its options, each with the reason why it is not the default."""

from __future__ import annotations

import logging
from typing import Any

import faust
from aiokafka.client import AIOKafkaClient
from faust.auth import SASLCredentials, SSLCredentials

from pipeline.addresses import kafka_bootstrap
from pipeline.kafka import tls_context
from pipeline.limits import limits
from pipeline.settings import Settings
from pipeline.stream.connections import lose_together

lose_together(AIOKafkaClient)

HEARTBEAT = 3.0  # seconds; about a seventh of the session timeout, as the Kafka documentation advises at most a third
COMMIT_INTERVAL = 1.0  # seconds; what a killed worker has done since is done again
METADATA_MAX_AGE_MS = 10_000  # a group that met a broker without topics yet (just restarted) looks again by then
BUFFERED_RECORDS = 500  # an agent's buffer; Faust's 4096 holds too many large articles in memory


class _App(faust.App):  # type: ignore[misc]  # faust is not typed for us
    logger = logging.getLogger("faust.app")  # else its remarks would come under our name

    def _create_directories(self) -> None:
        """None: there are no tables, so nothing is kept on disk."""


def build_app(settings: Settings, *, worker_name: str) -> Any:
    """A Faust app without agents, which `pipeline.stream.agents` adds."""
    servers = kafka_bootstrap(settings)
    bounds = limits(settings)
    return _App(
        settings.worker.group,
        broker=[f"kafka://{server}" for server in servers.split(",")],
        broker_credentials=_credentials(settings),
        # our own codec: a record that Faust fails to decode ends a take() agent silently
        key_serializer="raw",
        value_serializer="raw",
        # back within 2 s after SIGKILL, against 60 s; sends no LeaveGroup, so the name must be stable. With other
        # agents it is another member: Kafka would give it what the one before it had, and the rest to nobody
        consumer_group_instance_id=f"{settings.worker.group}-{worker_name}-{_reads(settings)}",
        broker_session_timeout=settings.worker.session_timeout,
        broker_heartbeat_interval=HEARTBEAT,
        broker_request_timeout=max(settings.kafka.request_timeout, settings.worker.session_timeout + 10),
        # waiting for a server longer than this leaves the group for good; our watchdog looks for real stalls
        broker_max_poll_interval=86_400.0,
        broker_commit_interval=COMMIT_INTERVAL,
        # Faust warns of partitions that it thinks stuck while a server is merely away
        broker_commit_livelock_soft_timeout=86_400.0,
        stream_processing_timeout=86_400.0,
        consumer_auto_offset_reset="earliest",
        producer_acks=-1,
        producer_max_request_size=bounds.request,
        producer_compression_type=None if settings.kafka.compression == "none" else settings.kafka.compression,
        producer_request_timeout=settings.kafka.request_timeout,
        producer_linger=0.005,  # seconds: records of one batch travel together
        consumer_metadata_max_age_ms=METADATA_MAX_AGE_MS,
        producer_metadata_max_age_ms=METADATA_MAX_AGE_MS,
        # Kafka's round robin in the place of Faust's assignor, which gives a worker partitions of topics that none
        # of its agents reads (--agents index)
        table_standby_replicas=0,
        stream_buffer_maxsize=BUFFERED_RECORDS,
        topic_allow_declare=False,  # `newswire setup` creates topics, with their retention and limits
        topic_disable_leader=True,
        web_enabled=False,  # it would listen on 0.0.0.0
        worker_redirect_stdouts=False,
        store="memory://",
    )


def _reads(settings: Settings) -> str:
    return "-".join(sorted(settings.worker.agents.split(",")))


def _credentials(settings: Settings) -> Any:
    kafka = settings.kafka
    if kafka.security_protocol == "PLAINTEXT":
        return None
    context = tls_context(settings)
    if not kafka.security_protocol.startswith("SASL"):
        return SSLCredentials(context)
    return SASLCredentials(
        username=kafka.sasl_username,
        password=kafka.sasl_password.get_secret_value(),
        mechanism=kafka.sasl_mechanism,
        ssl_context=context,
    )
