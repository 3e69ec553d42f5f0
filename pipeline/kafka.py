"""How clients of Kafka connect, and what the errors of kafka-python mean to us."""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable
from typing import Any, TypeGuard, TypeVar

from kafka import TopicPartition
from kafka import errors as kafka_errors

from pipeline import kafka_mends
from pipeline.addresses import kafka_bootstrap
from pipeline.errors import Code, Fatal, NewswireError, Transient, UserError
from pipeline.settings import LOCAL, Settings

# Otherwise Python prints the client's warnings in the midst of our progress bars while a broker is away.
for _name in ("kafka", "aiokafka"):
    logging.getLogger(_name).addHandler(logging.NullHandler())

kafka_mends.apply()

Client = TypeVar("Client")

FIRST_GO_SECONDS = 3.0  # of connecting; each further go has twice as long
COORDINATOR_WITHIN = 30.0  # seconds; it takes about one
RECONNECT_BACKOFF_MAX_MS = 1000  # kafka-python waits up to 30 s: a broker that is back is found within a second

_REFUSED = (
    kafka_errors.AuthorizationError,
    kafka_errors.SaslAuthenticationFailedError,
    kafka_errors.UnsupportedSaslMechanismError,
    kafka_errors.IllegalSaslStateError,
    kafka_errors.SecurityDisabledError,
)
_NO_COORDINATOR = (
    kafka_errors.CoordinatorNotAvailableError,
    kafka_errors.CoordinatorLoadInProgressError,
    kafka_errors.NotCoordinatorError,
)
_UNREACHABLE = (
    kafka_errors.RetriableError,  # timeouts, lost connections, elections
    kafka_errors.BrokerNotAvailableError,
    OSError,
)


def connection(settings: Settings, *, client_id: str = "newswire") -> dict[str, Any]:
    """The options by which every client of kafka-python connects.

    Raises:
        UserError: for the local broker that is not up, or a TLS file that cannot be read.
    """
    kafka = settings.kafka
    options: dict[str, Any] = {
        "bootstrap_servers": [server.strip() for server in kafka_bootstrap(settings).split(",")],
        "client_id": client_id,
        "security_protocol": kafka.security_protocol,
        "request_timeout_ms": round(kafka.request_timeout * 1000),
        "bootstrap_timeout_ms": round(kafka.request_timeout * 1000),
        "reconnect_backoff_max_ms": RECONNECT_BACKOFF_MAX_MS,
    }
    context = tls_context(settings)
    if context is not None:
        options["ssl_context"] = context
    if kafka.security_protocol.startswith("SASL"):
        options["sasl_mechanism"] = kafka.sasl_mechanism
        options["sasl_plain_username"] = kafka.sasl_username
        options["sasl_plain_password"] = kafka.sasl_password.get_secret_value()
    return options


def async_connection(settings: Settings, *, client_id: str = "newswire") -> dict[str, Any]:
    """The options by which a client of aiokafka connects; raises as `connection`."""
    kafka = settings.kafka
    options: dict[str, Any] = {
        "bootstrap_servers": kafka_bootstrap(settings),
        "client_id": client_id,
        "security_protocol": kafka.security_protocol,
        "ssl_context": tls_context(settings),
        "request_timeout_ms": round(kafka.request_timeout * 1000),
    }
    if kafka.security_protocol.startswith("SASL"):
        options["sasl_mechanism"] = kafka.sasl_mechanism
        options["sasl_plain_username"] = kafka.sasl_username
        options["sasl_plain_password"] = kafka.sasl_password.get_secret_value()
    return options


def connect(
    make: Callable[..., Client], settings: Settings, *, doing: str, timeout: float | None = None, **options: Any
) -> Client:
    """A client of kafka-python, connected. Blocks until a broker answers, for `timeout` seconds at most.

    Args:
        make: the class, such as `KafkaProducer`.
        doing: what it is for, told in errors.
        timeout: seconds; `kafka.request_timeout` where it is None.
        options: of the class, besides or instead of those of `connection`.

    Raises:
        Transient: `kafka.unreachable`, with the last reason that the client met.
        Fatal: `kafka.refused`.
        UserError: as `connection`.
    """
    merged = connection(settings) | options
    seconds = settings.kafka.request_timeout if timeout is None else timeout
    # in several goes: the client tries until time is up also where it was refused, which we need not wait for
    goes: list[float] = []
    while (left := seconds - sum(goes)) > 0:
        goes.append(min(FIRST_GO_SECONDS * 2 ** len(goes), left))
    failures = _Failures()
    logger = logging.getLogger("kafka.net.manager")
    logger.addHandler(failures)
    problem: Exception
    try:
        for go in goes:
            try:
                return make(**merged | {"bootstrap_timeout_ms": round(go * 1000)})
            except (kafka_errors.KafkaError, OSError) as error:
                problem = failures.refusal or error
                if failures.refusal or not isinstance(error, _UNREACHABLE):
                    break
    finally:
        logger.removeHandler(failures)
    raise kafka_error(problem, settings, doing=doing, reason=failures.last) from problem


def group_offsets(admin: Any, group: str, *, patience: float = COORDINATOR_WITHIN) -> dict[TopicPartition, int]:
    """What a consumer group has committed; nothing where there is no such group.

    The coordinator of groups is not there for a moment after a broker started, or was never asked for; it is waited
    for, `patience` seconds at most.

    Raises:
        KafkaError: as the admin client.
    """
    end = time.monotonic() + patience
    while True:
        try:
            found = admin.list_group_offsets({group: None}).get(group, {})
        except kafka_errors.GroupIdNotFoundError:
            return {}
        except _NO_COORDINATOR:
            if time.monotonic() > end:
                raise
            time.sleep(0.25)
        else:
            return {place: offset.offset for place, offset in found.items() if offset.offset >= 0}


class _Failures(logging.Handler):
    """Keeps why attempts to connect failed; the client itself only says that time is up."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last = ""
        self.refusal: Exception | None = None

    def emit(self, record: logging.LogRecord) -> None:
        for cause in record.args or ():
            if isinstance(cause, _REFUSED) or _is_tls(cause):
                self.refusal, self.last = cause, ""
            elif (
                self.refusal is None
                and isinstance(cause, Exception)
                and not isinstance(cause, kafka_errors.KafkaTimeoutError)
            ):
                self.last = str(cause)


def _is_tls(cause: object) -> TypeGuard[Exception]:
    """Whether a connection failed over TLS itself: a certificate that is not right does not become so by trying.

    A connection that merely ended in the handshake may: that is how a broker that stops looks. An answer without a
    sensible length is a broker's TLS alert to a client that speaks plain text.
    """
    if isinstance(cause, kafka_errors.KafkaConnectionError):
        return "[SSL" in str(cause) and "EOF" not in str(cause)
    return isinstance(cause, kafka_errors.InvalidReceiveError)


def tls_context(settings: Settings) -> ssl.SSLContext | None:
    """The TLS context that the settings describe, None without TLS; certificate and host name are always checked.

    Raises:
        UserError: `settings`, naming the file that cannot be read or is no PEM.
    """
    kafka = settings.kafka
    if not kafka.security_protocol.endswith("SSL"):
        return None
    try:
        context = ssl.create_default_context(cafile=kafka.tls_ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise UserError(Code.SETTINGS, f"kafka.tls_ca_file: {kafka.tls_ca_file}: {error}") from error
    if kafka.tls_certificate_file:
        try:
            context.load_cert_chain(kafka.tls_certificate_file, kafka.tls_key_file or None)
        except (OSError, ssl.SSLError) as error:
            files = f"{kafka.tls_certificate_file}, {kafka.tls_key_file}"
            raise UserError(Code.SETTINGS, f"kafka.tls_certificate_file, tls_key_file: {files}: {error}") from error
    return context


def kafka_error(error: BaseException, settings: Settings, *, doing: str, reason: str = "") -> NewswireError:
    """What an exception of kafka-python means: who must act, with the next thing to do.

    Args:
        error: what was raised; one of our own errors comes back as it is.
        doing: what was tried, as in "create the topics".
        reason: more about the cause, where it is known.
    """
    if isinstance(error, NewswireError):
        return error
    where = settings.kafka.bootstrap_servers
    name = type(error).__name__
    text = str(error).rpartition(f"{name}: ")[2]  # kafka-python's errors begin with their name
    what = f"cannot {doing}: {name}: {text}".rstrip(": ") + (f" ({reason})" if reason else "")
    if _is_tls(error):
        hint = "check [kafka] bootstrap_servers, security_protocol and tls_ca_file"
        return Fatal(Code.KAFKA_REFUSED, f"Kafka at {where}: TLS: {what}", hint=hint)
    if isinstance(error, _REFUSED):
        user = settings.kafka.sasl_username or "anonymous"
        hint = f"check [kafka] sasl_mechanism, user name and password, and the rights of {user!r} on the brokers"
        return Fatal(Code.KAFKA_REFUSED, f"Kafka at {where} refused: {what}", hint=hint)
    if isinstance(error, kafka_errors.UnknownTopicOrPartitionError):
        return Fatal(Code.KAFKA_TOPIC_MISSING, what, hint="newswire setup")
    if isinstance(error, _UNREACHABLE):
        hint = "newswire up" if where == LOCAL else "check [kafka] bootstrap_servers and security_protocol"
        return Transient(Code.KAFKA_UNREACHABLE, f"Kafka at {where} does not answer: {what}", hint=hint)
    return Fatal(Code.KAFKA_REFUSED, f"Kafka at {where}: {what}")
