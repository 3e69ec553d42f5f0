"""docker-compose.yml and the Dockerfile, checked without Docker: their form, and that all they name exists."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import tomllib
from typing import Any

import jsonschema_rs
import pytest
from typer.testing import CliRunner

from pipeline import settings
from pipeline.cli import app
from pipeline.resources import resource
from tests.support import compose
from tests.support.compose import ROOT

FILE = compose.load(compose.example())
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("newswire:")}
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
INSTRUCTIONS = re.sub(r"\\\n", " ", re.sub(r"(?m)^#.*\n", "", DOCKERFILE)).splitlines()


# --- the file itself -------------------------------------------------------------------------------------------


def test_it_is_a_compose_file() -> None:
    schema = json.loads((ROOT / "tests/fixtures/compose/compose-spec.json").read_text("utf-8"))
    jsonschema_rs.validator_for(schema).validate(FILE)
    broken = FILE | {"services": {"kafka": SERVICES["kafka"] | {"helthcheck": {}}}}
    assert not jsonschema_rs.is_valid(schema, broken)


def test_it_refuses_to_start_without_passwords() -> None:
    given = compose.example()
    for name in given:
        with pytest.raises(compose.MissingVariableError, match=name):
            compose.load(given | {name: ""})


def test_every_variable_is_explained_in_the_example() -> None:
    required = {variable.name for variable in compose.variables() if variable.required}
    optional = {variable.name: variable.word for variable in compose.variables() if not variable.required}
    assert required == set(compose.example())
    assert optional == compose.example_defaults()


def test_no_secret_has_a_default() -> None:
    for variable in compose.variables():
        if re.search(r"PASSWORD|KEY|SECRET", variable.name):
            assert variable.required, variable.name
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|ENCRYPTIONKEY", name):
                assert value == "x" * 40, f"{name} comes from .env alone"


def test_ports_are_on_loopback() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert len(ports) == 4
    for port in ports:
        assert re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port), port


def test_every_long_running_service_restarts_and_is_told_to_end_in_time() -> None:
    for name in ("kafka", "elasticsearch", "kibana", "worker"):
        assert SERVICES[name]["restart"] == "unless-stopped"
    for name in ("users", "setup", "push"):
        assert SERVICES[name]["restart"] == "no"
    assert SERVICES["dashboards"]["restart"] == "on-failure"  # Kibana may be away once more
    for name in ("kafka", "elasticsearch", "kibana"):
        assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


def test_what_is_waited_for_exists_and_can_be_waited_for() -> None:
    for service in SERVICES.values():
        for name, wanted in service.get("depends_on", {}).items():
            if wanted["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[name]
            else:
                assert wanted["condition"] == "service_completed_successfully"
                assert SERVICES[name]["restart"] == "no"


def test_a_service_that_ends_is_waited_for_by_one_that_stays() -> None:
    """Else `docker compose up --wait` reports "exited (0)" as a failure (docker/compose, issue 10596)."""
    ending = {
        name
        for name, service in SERVICES.items()
        if service.get("restart") == "no" and "tools" not in service.get("profiles", ())
    }
    adopted = {
        name
        for service in SERVICES.values()
        if service.get("restart") != "no"
        for name, wanted in service.get("depends_on", {}).items()
        if wanted["condition"] == "service_completed_successfully"
    }
    assert ending
    assert ending <= adopted


def test_workers_do_not_wait_for_kibana() -> None:
    def waited_for(name: str) -> set[str]:
        needed = set(SERVICES[name].get("depends_on", {}))
        return needed.union(*(waited_for(each) for each in needed))

    assert waited_for("worker") == {"setup", "users", "kafka", "elasticsearch"}
    assert "kibana" in waited_for("dashboards")


def test_files_and_volumes_exist() -> None:
    named = set()
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source, target = volume.split(":")[:2]
            assert target.startswith("/")
            if source.startswith("./"):
                assert (ROOT / source).exists(), source
                assert volume.endswith(":ro")
            else:
                named.add(source)
    assert named == set(FILE["volumes"])


def test_addresses_are_those_of_services() -> None:
    kafka = SERVICES["kafka"]["environment"]
    listeners = dict(address.split("://") for address in kafka["KAFKA_ADVERTISED_LISTENERS"].split(","))
    for service in OURS.values():
        environment = service["environment"]
        assert environment["NEWSWIRE__KAFKA__BOOTSTRAP_SERVERS"] == listeners["INSIDE"]
        assert environment["NEWSWIRE__ELASTICSEARCH__HOSTS"] == "http://elasticsearch:9200"
    for address in [*listeners.values(), kafka["KAFKA_CONTROLLER_QUORUM_VOTERS"].partition("@")[2]]:
        assert address.partition(":")[0] in {*SERVICES, "127.0.0.1"}
    bound = {entry.split("://")[0] for entry in kafka["KAFKA_LISTENERS"].split(",")}
    mapped = {entry.split(":")[0] for entry in kafka["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(",")}
    assert bound == mapped == {*listeners, kafka["KAFKA_CONTROLLER_LISTENER_NAMES"]}
    assert SERVICES["kibana"]["environment"]["ELASTICSEARCH_HOSTS"] == "http://elasticsearch:9200"


def test_versions_are_those_that_are_tested() -> None:
    versions = {name: service["image"].rpartition(":")[2] for name, service in SERVICES.items()}
    assert versions["elasticsearch"] == versions["kibana"] == versions["users"]
    local = json.loads((ROOT / "pipeline/local/servers.lock.json").read_text("utf-8"))
    assert versions["kafka"] == local["kafka_version"]
    assert versions["elasticsearch"] == local["elasticsearch_version"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert {service["image"] for service in OURS.values()} == {f"newswire:{project['version']}"}


# --- our own services ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OURS)
def test_commands_exist(name: str) -> None:
    command = [str(word) for word in SERVICES[name]["command"]]
    if SERVICES[name].get("entrypoint") == ["/bin/sh", "-c"]:
        subprocess.run(["sh", "-n", "-c", *command], check=True)
        program, *command = shlex.split(command[0].partition(" && ")[0])
        assert program == "newswire"
    shown = CliRunner().invoke(app, [*command, "--help"])
    assert shown.exit_code == 0, shown.output
    assert CliRunner().invoke(app, [*command, "--no-such-option", "--help"]).exit_code == 2


@pytest.mark.parametrize("name", OURS)
def test_environment_names_settings(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in SERVICES[name]["environment"].items():
        assert variable.startswith(settings.ENV_PREFIX)
        monkeypatch.setenv(variable, str(value))
    loaded = settings.load(resource("config/newswire.toml"))
    assert loaded.kafka.bootstrap_servers == "kafka:19092"


@pytest.mark.parametrize("name", OURS)
def test_our_containers_have_no_rights_that_they_do_not_need(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert ("ports" in service) == (name == "listen")


def test_listen_beyond_loopback_needs_its_token_and_the_feeds_state_is_kept() -> None:
    listen = SERVICES["listen"]
    command, (port,) = listen["command"], listen["ports"]
    assert command[command.index("--port") + 1] == port.rpartition(":")[2]
    assert command[command.index("--host") + 1] == "0.0.0.0"
    assert listen["environment"]["NEWSWIRE__LISTEN__TOKEN"] == "", "the command refuses to start without one"
    feeds = SERVICES["feeds"]
    assert f"feeds:{feeds['environment']['NEWSWIRE__FEEDS__STATE_DIR']}" in feeds["volumes"]
    assert f"chown newswire {feeds['environment']['NEWSWIRE__FEEDS__STATE_DIR']}" in DOCKERFILE
    command = feeds["command"]
    assert f"./config/feeds.toml:{command[command.index('--feeds') + 1]}:ro" in feeds["volumes"]


def test_a_worker_is_asked_for_its_health() -> None:
    check = SERVICES["worker"]["healthcheck"]
    kind, *command = check["test"]
    assert (kind, command[0]) == ("CMD", "newswire")
    assert CliRunner().invoke(app, [*command[1:], "--help"]).exit_code == 0
    assert CliRunner().invoke(app, [*command[1:], "--no-such-option"]).exit_code == 2

    from pipeline.commands.health import ANSWER_WITHIN

    assert float(check["timeout"].removesuffix("s")) > ANSWER_WITHIN
    # a container's worker listens where the check asks: nothing there changes the section [metrics]
    assert not any("METRICS" in variable for variable in SERVICES["worker"]["environment"])


def test_a_worker_has_time_to_end() -> None:
    from pipeline.stream.worker import STOP_WITHIN

    assert float(SERVICES["worker"]["stop_grace_period"].removesuffix("s")) > STOP_WITHIN


def test_the_users_script_is_sound_and_gets_what_it_asks_for() -> None:
    script = resource("config/docker/create-users.sh")
    subprocess.run(["bash", "-n", str(script)], check=True)
    asked = set(re.findall(r"\$\{(\w+):\?\}", script.read_text("utf-8")))
    assert asked == set(SERVICES["users"]["environment"])
    made = set(re.findall(r"/_security/user/(\w+)", script.read_text("utf-8")))
    used = {service["environment"].get("NEWSWIRE__ELASTICSEARCH__USERNAME") for service in OURS.values()} - {None}
    assert used | {SERVICES["kibana"]["environment"]["ELASTICSEARCH_USERNAME"]} <= made | {"elastic"}


# --- the image -------------------------------------------------------------------------------------------------


def test_the_dockerfile_copies_what_exists_and_is_not_ignored() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    copied = set()
    for line in INSTRUCTIONS:
        if line.startswith("COPY ") and "--from" not in line:
            copied |= set(line.split()[1:-1])
    assert copied == allowed
    for source in copied:
        assert (ROOT / source).exists(), source


def test_the_image_is_locked_unprivileged_and_small() -> None:
    stages = "\n".join(INSTRUCTIONS).split("FROM ")[1:]
    assert len(stages) == 2
    assert all(re.match(r"python:3\.1[1-3]-slim\b", stage) for stage in stages)
    build, final = stages
    installs = [line for line in build.splitlines() if "install " in line and "/wheels/" not in line]
    assert installs
    assert all(line.count(" install ") == line.count("--require-hashes") for line in installs)
    assert re.search(r"(?m)^USER newswire$", final)
    assert "pip uninstall" in final
    assert " install" not in final
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert json.loads(re.findall(r"(?m)^ENTRYPOINT (.*)$", final)[0])[0] in project["scripts"]


def test_the_build_backend_is_locked() -> None:
    backend = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    locked = (ROOT / "requirements-build.lock").read_text("utf-8")
    for requirement in backend:
        name = re.split(r"[^\w-]", requirement)[0]
        assert re.search(rf"(?m)^{name}==", locked)
    assert len(re.findall(r"(?m)^\S+==", locked)) <= locked.count("--hash=")
