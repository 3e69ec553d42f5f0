"""Settings: where they come from, and that a mistake is refused with its name."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from pydantic import SecretStr

from pipeline import settings
from pipeline.errors import Code, UserError
from pipeline.resources import resource

MARKER = "s3cret-marker"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(settings.ENV_PREFIX) or name == "NEWSWIRE_CONFIG":
            monkeypatch.delenv(name)


def write(folder: Path, text: str) -> Path:
    path = folder / "newswire.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_file_holds_every_setting_with_its_default() -> None:
    shipped = tomllib.loads(resource("config/newswire.toml").read_text(encoding="utf-8"))
    defaults = settings.printable(settings.Settings())
    for section, keys in defaults.items():
        fields = type(getattr(settings.Settings(), section)).model_fields
        secrets = {key for key, field in fields.items() if field.annotation is SecretStr}  # given as files there
        assert shipped[section] == {key: value for key, value in keys.items() if key not in secrets}


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "[worker]\nprocesses = 3\n")
    assert settings.load(path).worker.processes == 3
    monkeypatch.setenv("NEWSWIRE__WORKER__PROCESSES", "5")
    assert settings.load(path).worker.processes == 5


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[kafka]\nbootstrap_server = 'x'", ["kafka.bootstrap_server", "did you mean 'bootstrap_servers'"]),
        ("[kafak]\n", ["kafak", "did you mean 'kafka'"]),
        ("[kafka]\nsecurity_protocol = 'TLS'", ["kafka.security_protocol", "'TLS'", "SASL_SSL"]),
        ("[topics]\nreplication = 'many'", ["topics.replication", "'many'", "auto"]),
        ("[worker]\nprocesses = 0", ["worker.processes", "0", "greater than or equal to 1"]),
        ("[worker\n", ["not TOML"]),
        ("[topics]\nwire = 'a'\nenriched = 'a'", ["three names"]),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, text: str, named: list[str]) -> None:
    path = write(tmp_path, text)
    with pytest.raises(UserError) as caught:
        settings.load(path)
    assert caught.value.code == Code.SETTINGS
    for part in [*named, str(path)]:
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "value", "named"),
    [
        ("NEWSWIRE__KAFKA__COMPRESION", "gzip", "did you mean 'compression'"),
        ("NEWSWIRE__KAFAK__COMPRESSION", "gzip", "did you mean 'kafka'"),
        ("NEWSWIRE__KAFKA__COMPRESSION", "zip", "'gzip'"),
    ],
)
def test_a_mistake_in_the_environment_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, named: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(UserError) as caught:
        settings.load()
    assert variable in str(caught.value)
    assert named in str(caught.value)


def test_a_secret_is_read_from_its_file_and_never_printed(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text(MARKER + "\n", encoding="utf-8")
    loaded = settings.load(write(tmp_path, f"[kafka]\nsasl_password_file = '{secret}'\n"))
    assert loaded.kafka.sasl_password.get_secret_value() == MARKER
    assert MARKER not in json.dumps(settings.printable(loaded)) + repr(loaded) + str(loaded)


def test_a_missing_secret_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="sasl_password_file"):
        settings.load(write(tmp_path, "[kafka]\nsasl_password_file = '/does/not/exist'\n"))


def test_config_show_never_prints_a_secret() -> None:
    environment = os.environ | {"NEWSWIRE__ELASTICSEARCH__PASSWORD": MARKER, "NEWSWIRE__KAFKA__SASL_PASSWORD": MARKER}
    for arguments in (["config", "show"], ["config", "show", "--json"]):
        shown = subprocess.run(
            [sys.executable, "-m", "pipeline.cli", *arguments], env=environment, capture_output=True, text=True
        )
        assert shown.returncode == 0, shown.stderr
        assert MARKER not in shown.stdout + shown.stderr
        assert "bootstrap_servers" in shown.stdout


def test_a_wrong_setting_ends_the_command_with_a_clear_message() -> None:
    environment = os.environ | {"NEWSWIRE__WORKER__PROCESSES": "many"}
    shown = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "config", "show"], env=environment, capture_output=True, text=True
    )
    assert shown.returncode == 2
    assert "worker.processes" in shown.stderr
    assert "Traceback" not in shown.stderr
