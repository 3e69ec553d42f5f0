"""Where alerts tell: the terminal, a topic, a webhook. Each sends what it is given, in order; it blocks meanwhile."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol

import aiohttp
import msgspec
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka import errors as kafka_errors

from pipeline.alerts.model import Queued, Telling
from pipeline.errors import Code, NewswireError, Poison, Transient
from pipeline.kafka import connect, kafka_error
from pipeline.limits import limits
from pipeline.settings import Settings

CONTENT_TYPE: Final = "application/vnd.newswire.alert.v1+json"
EVENT: Final = "newswire.alert.v1"
REFUSED: Final = frozenset({400, 410, 413, 422})  # the receiver read it and will not have it, however often
JOURNAL_LINES: Final = 20_000
_TOO_LARGE: Final = (kafka_errors.MessageSizeTooLargeError, kafka_errors.RecordListTooLargeError)

_encoder = msgspec.json.Encoder()


class Sender(Protocol):
    """Sends to one target."""

    def send(self, tellings: Sequence[Telling]) -> Mapping[str, Poison]:
        """Send all of them, in order.

        Returns:
            Those that will never be taken, by their ids. All others have arrived.

        Raises:
            Transient: some or all may not have arrived; to be sent again.
        """

    def sent(self, queued: Sequence[Queued]) -> frozenset[str]:
        """Ids of those that are known to have arrived, of what a runner had under way when it was killed."""

    def close(self) -> None:
        """Give up what it holds."""


class Terminal:
    """Prints, and keeps a journal of the ids beside it: a file that SIGKILL leaves whole."""

    at_once = 1

    def __init__(self, show: Callable[[Telling], None], journal: Path) -> None:
        self._show = show
        self._path = journal
        journal.parent.mkdir(parents=True, exist_ok=True)
        self._known = journal.read_text("utf-8").split()[-JOURNAL_LINES:] if journal.exists() else []
        journal.write_text("".join(f"{line}\n" for line in self._known), "utf-8")
        self._file = journal.open("a", encoding="utf-8")

    def send(self, tellings: Sequence[Telling]) -> Mapping[str, Poison]:
        """See `Sender`."""
        for telling in tellings:
            self._show(telling)
            self._file.write(f"{telling.id}\n")
            self._file.flush()
        return {}

    def sent(self, queued: Sequence[Queued]) -> frozenset[str]:
        """See `Sender`."""
        return frozenset(self._known) & {each.telling.id for each in queued}

    def close(self) -> None:
        """See `Sender`."""
        self._file.close()


class Topic:
    """Sends to a topic, with acks=all and idempotence; key is the article id, the header `ce_id` the telling's."""

    at_once = 500

    def __init__(self, settings: Settings, topic: str, *, producer: Callable[..., Any] = KafkaProducer) -> None:
        self._settings = settings
        self._topic = topic
        self._doing = f"tell to the topic {topic}"
        self._make = producer
        self._producer: Any = None

    def send(self, tellings: Sequence[Telling]) -> Mapping[str, Poison]:
        """See `Sender`. What is too large for the topic stays so: it is refused."""
        failed = self._try(tellings)
        if len(tellings) > 1 and any(isinstance(error, _TOO_LARGE) for error in failed.values()):
            # with one that is too large the client gives up all that are on their way, with that error
            alone = [each for each in tellings if each.id in failed]
            failed = {}
            for each in alone:
                failed |= self._try([each])
        for error in failed.values():
            if not isinstance(error, _TOO_LARGE):
                raise _again(kafka_error(error, self._settings, doing=self._doing)) from error
        return {
            telling: Poison(Code.ALERT_REFUSED, f"the topic {self._topic} does not take it: {error}")
            for telling, error in failed.items()
        }

    def _try(self, tellings: Sequence[Telling]) -> dict[str, Exception]:
        """Send them; what kept which of them from arriving, by their ids."""
        if self._producer is None:
            self._producer = connect(
                self._make,
                self._settings,
                doing=self._doing,
                acks="all",
                max_request_size=limits(self._settings).request,
                enable_idempotence=True,
                allow_auto_create_topics=False,
                metrics_enabled=False,
            )
        futures: dict[str, Any] = {}
        failed: dict[str, Exception] = {}
        for number, each in enumerate(tellings):
            value = _encoder.encode(each)
            try:
                futures[each.id] = self._producer.send(
                    self._topic, key=each.uri.encode(), value=value, headers=_headers(each)
                )
            except (kafka_errors.KafkaError, OSError) as error:
                failed[each.id] = error
                if not isinstance(error, _TOO_LARGE):  # nor would the others be taken
                    failed |= {later.id: error for later in tellings[number + 1 :]}
                    break
        end = time.monotonic() + self._settings.kafka.request_timeout
        for telling, future in futures.items():
            try:
                future.get(timeout=max(0.0, end - time.monotonic()))
            except (kafka_errors.KafkaError, OSError) as error:
                failed[telling] = error
        if any(isinstance(error, _TOO_LARGE) for error in failed.values()):
            self.close()  # a producer that brokers refused a record is of no more use
        return failed

    def sent(self, queued: Sequence[Queued]) -> frozenset[str]:
        """Reads the topic from the time of the oldest on: what is there has arrived."""
        doing = f"read the topic {self._topic} again"
        oldest = min(datetime.fromisoformat(each.telling.time) for each in queued)
        wanted = {each.telling.id for each in queued}
        consumer: Any = connect(KafkaConsumer, self._settings, doing=doing, group_id=None, enable_auto_commit=False)
        try:
            numbers = consumer.partitions_for_topic(self._topic) or ()
            places = [TopicPartition(self._topic, number) for number in numbers]
            since = round(oldest.timestamp() * 1000) - 60_000  # clocks differ
            found: set[str] = set()
            begins = consumer.offsets_for_times(dict.fromkeys(places, since)) if places else {}
            ends = consumer.end_offsets(places) if places else {}
            for place in places:
                if begins.get(place) is None:
                    continue
                consumer.assign([place])
                consumer.seek(place, begins[place].offset)
                while consumer.position(place) < ends[place]:
                    for record in consumer.poll(timeout_ms=1000).get(place, ()):
                        told = dict(record.headers).get("ce_id") or b""
                        found |= {told.decode("utf-8", "replace")} & wanted
            return frozenset(found)
        except (kafka_errors.KafkaError, OSError) as error:
            raise _again(kafka_error(error, self._settings, doing=doing)) from error
        finally:
            consumer.close()

    def close(self) -> None:
        """See `Sender`."""
        if self._producer is not None:
            self._producer.close(timeout=1)
            self._producer = None


class Webhook:
    """Posts JSON to a URL, one after the other; answers of 2xx are taken as read.

    `Idempotency-Key` is the telling's id: a request whose answer was lost is sent again. With a secret,
    `X-Newswire-Signature` is `t=SECONDS,v1=HEX`, HEX being HMAC-SHA256 of `SECONDS.BODY`. Redirects are not followed.
    """

    at_once = 1

    def __init__(self, url: str, *, secret: str, timeout: float, clock: Callable[[], float] = time.time) -> None:
        self._url = url
        self._secret = secret.encode()
        self._clock = clock
        self._runner = asyncio.Runner()
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._session: aiohttp.ClientSession | None = None

    def send(self, tellings: Sequence[Telling]) -> Mapping[str, Poison]:
        """See `Sender`."""
        answers = {telling.id: self._runner.run(self._post(telling)) for telling in tellings}
        return {telling: why for telling, why in answers.items() if why}

    def sent(self, queued: Sequence[Queued]) -> frozenset[str]:
        """Nobody can know."""
        return frozenset()

    def close(self) -> None:
        """See `Sender`."""
        if self._session is not None:
            self._runner.run(self._session.close())
        self._runner.close()

    async def _post(self, telling: Telling) -> Poison | None:
        """What says that it is refused for good; None where it was taken."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        body = _encoder.encode(telling)
        headers = {"Content-Type": "application/json", "Idempotency-Key": telling.id, "User-Agent": "newswire"}
        if self._secret:
            headers["X-Newswire-Signature"] = signature(body, secret=self._secret, seconds=int(self._clock()))
        try:
            async with self._session.post(self._url, data=body, headers=headers, allow_redirects=False) as answer:
                status = answer.status
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            why = str(error) or type(error).__name__
            raise Transient(Code.ALERT_UNREACHABLE, f"{self._url} does not answer: {why[:200]}") from error
        if status in REFUSED:
            return Poison(Code.ALERT_REFUSED, f"{self._url} answered {status}")
        if not 200 <= status < 300:
            raise Transient(Code.ALERT_UNREACHABLE, f"{self._url} answered {status}")
        return None


def signature(body: bytes, *, secret: bytes, seconds: int) -> str:
    """The value of `X-Newswire-Signature`; `seconds` since 1970 keep an old request from being sent again."""
    digest = hmac.new(secret, f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"


def _headers(telling: Telling) -> list[tuple[str, bytes]]:
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": telling.id,
        "ce_source": "newswire/alerts",
        "ce_type": EVENT,
        "ce_subject": telling.uri,
        "ce_time": datetime.now(UTC).isoformat(),
        "content-type": CONTENT_TYPE,
    }
    return [(name, value.encode()) for name, value in attributes.items()]


def _again(error: NewswireError) -> NewswireError:
    # a topic that was deleted may come back; its queue waits
    return error if isinstance(error, Transient) else Transient(error.code, error.message, hint=error.hint)
