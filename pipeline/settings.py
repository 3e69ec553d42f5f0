"""Every setting, with its default, its bounds and where it may come from.

In this order, the first that names a setting wins: the environment (`NEWSWIRE__KAFKA__BOOTSTRAP_SERVERS=...`), the
file of `--config` or `NEWSWIRE_CONFIG`, then `config/newswire.toml`. A secret is read from the file that
`<secret>_file` names where that is set, and is never printed. A name that we do not know is refused.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from pipeline.errors import Code, UserError
from pipeline.resources import resource

ENV_PREFIX = "NEWSWIRE__"
LOCAL = "local"  # an address that stands for the servers of `newswire up`

Seconds = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]


class Section(BaseModel):
    """A table of newswire.toml. Unknown keys are refused; values are checked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        data = dict(data)
        for key in [name for name in data if name.endswith("_file") and name[:-5] in cls.model_fields]:
            path = data.get(key)
            if path in (None, ""):
                continue
            try:
                secret = Path(str(path)).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ValueError(f"{key}: cannot read {path}: {error.strerror}") from error
            data[key[:-5]] = secret
        return data


class Kafka(Section):
    """[kafka] How to reach Kafka."""

    bootstrap_servers: str = LOCAL
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    sasl_username: str = ""
    sasl_password: SecretStr = SecretStr("")
    sasl_password_file: str = ""
    tls_ca_file: str = ""
    tls_certificate_file: str = ""
    tls_key_file: str = ""
    compression: Literal["none", "gzip"] = "gzip"
    request_timeout: Seconds = 30.0
    max_article_bytes: Annotated[int, Field(ge=1024, le=50_000_000)] = 5_000_000


class Topics(Section):
    """[topics] What the topics are called and how they are created by `newswire setup`."""

    wire: str = "news.wire.v1"
    enriched: str = "news.enriched.v1"
    dead_letter: str = "news.dead-letter.v1"
    partitions: Annotated[int, Field(ge=1, le=1000)] = 8
    replication: Literal["auto"] | Annotated[int, Field(ge=1, le=10)] = "auto"
    retention_days: Annotated[int, Field(ge=1)] = 30


class Elasticsearch(Section):
    """[elasticsearch] How to reach Elasticsearch and what to create there."""

    hosts: str = LOCAL
    api_key: SecretStr = SecretStr("")
    api_key_file: str = ""
    username: str = ""
    password: SecretStr = SecretStr("")
    password_file: str = ""
    tls_ca_file: str = ""
    request_timeout: Seconds = 30.0
    shards: Annotated[int, Field(ge=1, le=1024)] = 1
    replicas: Literal["auto"] | Annotated[int, Field(ge=0, le=10)] = "auto"
    refresh_interval: Annotated[str, Field(pattern=r"^(-1|\d+(ms|s|m))$")] = "1s"


class Kibana(Section):
    """[kibana] Where `newswire setup` imports dashboards; Kibana's users are Elasticsearch's."""

    url: str = ""
    space: str = ""
    api_key: SecretStr = SecretStr("")
    api_key_file: str = ""
    username: str = ""
    password: SecretStr = SecretStr("")
    password_file: str = ""
    tls_ca_file: str = ""
    request_timeout: Seconds = 60.0


class Worker(Section):
    """[worker] The Faust agents."""

    name: str = ""
    group: str = "newswire"
    agents: Annotated[str, Field(pattern=r"^(enrich|index|enrich,index|index,enrich)$")] = "enrich,index"
    processes: Annotated[int, Field(ge=1, le=256)] = 1
    batch_articles: Annotated[int, Field(ge=1, le=1000)] = 32
    batch_wait: Seconds = 0.2
    batches_in_flight: Annotated[int, Field(ge=1, le=64)] = 4
    session_timeout: Annotated[float, Field(ge=6, le=300)] = 20.0
    stall_timeout: Seconds = 600.0
    brake: Annotated[int, Field(ge=1)] = 1000
    retry_backoff_max: Seconds = 10.0
    journal_every: Annotated[float, Field(ge=0)] = 60.0
    journal_days: Annotated[int, Field(ge=1, le=366)] = 30


class Enrichment(Section):
    """[enrichment] The spaCy pipeline and its guards."""

    config: str = ""  # empty: config/enrichment.cfg
    batch_size: Annotated[int, Field(ge=1, le=512)] = 16
    timeout: Seconds = 60.0
    timeout_per_megabyte: Annotated[float, Field(ge=0)] = 120.0


class Index(Section):
    """[index] The bulk writer."""

    bulk_documents: Annotated[int, Field(ge=1, le=10_000)] = 500
    bulk_bytes: Annotated[int, Field(ge=100_000, le=90_000_000)] = 5_000_000
    kill_window_days: Annotated[int, Field(ge=1, le=3650)] = 14


class Feeds(Section):
    """[feeds] `newswire feed`; what it polls is listed in a file of its own."""

    file: str = ""  # empty: config/feeds.toml
    state_dir: str = ""  # empty: the folder `feeds` of local.data_dir
    kafka_timeout: Seconds = 30.0


class Listen(Section):
    """[listen] `newswire listen`."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8640
    token: SecretStr = SecretStr("")
    token_file: str = ""
    max_bytes: Annotated[int, Field(ge=1024, le=100_000_000)] = 10_000_000
    max_requests: Annotated[int, Field(ge=1, le=1000)] = 16
    read_timeout: Seconds = 30.0
    kafka_timeout: Seconds = 20.0


class Alerts(Section):
    """[alerts] Telling of new articles (`newswire alert run`)."""

    webhook_secret: SecretStr = SecretStr("")
    webhook_secret_file: str = ""
    webhook_timeout: Seconds = 10.0
    give_up_hours: Annotated[float, Field(gt=0, le=24 * 30)] = 24.0
    state_dir: str = ""


class Local(Section):
    """[local] The servers that `newswire up` fetches and starts."""

    cache_dir: str = ""
    data_dir: str = ""
    kafka_port: Annotated[int, Field(ge=0, le=65535)] = 0
    elasticsearch_port: Annotated[int, Field(ge=0, le=65535)] = 0
    kafka_heap: Annotated[str, Field(pattern=r"^\d+[mg]$")] = "512m"
    elasticsearch_heap: Annotated[str, Field(pattern=r"^\d+[mg]$")] = "1g"
    java_home: str = ""
    java_options: str = ""


class Metrics(Section):
    """[metrics] The HTTP port of a worker: metrics for Prometheus, and health."""

    enabled: bool = True
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 9464


class Web(Section):
    """[web] `newswire web`, the reader's page."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8710
    token: SecretStr = SecretStr("")
    token_file: str = ""
    names: str = ""


class Log(Section):
    """[log] What is logged and how."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "console", "ecs"] = "auto"


class Settings(BaseSettings):
    """All settings. Build them with `load`, which turns every mistake into a UserError."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, toml_file=None
    )

    kafka: Kafka = Kafka()
    topics: Topics = Topics()
    elasticsearch: Elasticsearch = Elasticsearch()
    kibana: Kibana = Kibana()
    worker: Worker = Worker()
    enrichment: Enrichment = Enrichment()
    index: Index = Index()
    feeds: Feeds = Feeds()
    listen: Listen = Listen()
    alerts: Alerts = Alerts()
    local: Local = Local()
    metrics: Metrics = Metrics()
    web: Web = Web()
    log: Log = Log()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment before the file (which `load` passes as the initial values)."""
        return (env_settings, init_settings)

    @model_validator(mode="after")
    def _distinct_topics(self) -> Self:
        names = (self.topics.wire, self.topics.enriched, self.topics.dead_letter)
        if len(set(names)) != len(names):
            raise ValueError(f"topics: the three topics must have three names, not {names}")
        return self


def load(path: Path | None = None) -> Settings:
    """The settings of this process.

    Args:
        path: a TOML file; else the one that NEWSWIRE_CONFIG names, else `config/newswire.toml`.

    Raises:
        UserError: `settings`, naming the file, key, value and what would be accepted.
    """
    if path is None:
        named = os.environ.get("NEWSWIRE_CONFIG")
        path = Path(named) if named else resource("config/newswire.toml")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(Code.SETTINGS, f"{path}: {error.strerror}", hint="name a file with --config") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(Code.SETTINGS, f"{path}: not TOML: {error}") from error
    _refuse_unknown_environment()
    try:
        return Settings(**data)
    except ValidationError as error:
        raise UserError(Code.SETTINGS, _explain(error, path), hint="see config/newswire.toml for all keys") from error


@lru_cache(maxsize=1)
def sections() -> dict[str, type[Section]]:
    """The sections by name."""
    found: dict[str, type[Section]] = {}
    for name, field in Settings.model_fields.items():
        kind = field.annotation
        assert isinstance(kind, type)
        assert issubclass(kind, Section)
        found[name] = kind
    return found


def _refuse_unknown_environment() -> None:
    # pydantic-settings passes over a variable whose section it does not know
    for variable in os.environ:
        if not variable.startswith(ENV_PREFIX):
            continue
        parts = variable[len(ENV_PREFIX) :].lower().split("__")
        section = sections().get(parts[0])
        if section is None:
            raise UserError(Code.SETTINGS, f"{variable}: no section {parts[0]!r}{_nearest(parts[0], sections())}")
        if len(parts) != 2 or parts[1] not in section.model_fields:
            key = "__".join(parts[1:])
            raise UserError(
                Code.SETTINGS, f"{variable}: no setting {parts[0]}.{key}{_nearest(key, section.model_fields)}"
            )


def _nearest(name: str, accepted: Any) -> str:
    close = difflib.get_close_matches(name, list(accepted), n=1)
    meant = f"; did you mean {close[0]!r}?" if close else ""
    return f" (accepted: {', '.join(accepted)}){meant}"


def _explain(error: ValidationError, path: Path) -> str:
    lines = []
    for problem in error.errors():
        location = [str(part) for part in problem["loc"]]
        key = ".".join(location[:2])  # deeper parts name alternatives of a union
        section = sections().get(location[0]) if location else None
        variable = ENV_PREFIX + "__".join(location[:2]).upper()
        origin = variable if variable in os.environ else str(path)
        field = section.model_fields.get(location[1]) if section and len(location) > 1 else None
        secret = field is not None and field.annotation is SecretStr
        if problem["type"] == "extra_forbidden":
            accepted = section.model_fields if section and len(location) > 1 else sections()
            line = f"{origin}: no setting {key}{_nearest(location[min(1, len(location) - 1)], accepted)}"
        else:
            shown = "" if secret or isinstance(problem["input"], dict) else f" is {problem['input']!r}:"
            line = f"{origin}: {key}{shown} {problem['msg']}".replace("Value error, ", "")
        if line not in lines:
            lines.append(line)
    return "\n".join(lines)


def printable(settings: Settings) -> dict[str, dict[str, Any]]:
    """All settings as they stand, secrets as `**********` (set) or an empty text (not set)."""
    return {
        name: {
            key: str(value) if isinstance(value, SecretStr) else value
            for key, value in ((k, getattr(getattr(settings, name), k)) for k in kind.model_fields)
        }
        for name, kind in sections().items()
    }
