"""The import over real HTTP, to a server that answers as Kibana's documentation says."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.errors import Code, Fatal, NewswireError, Transient, UserError
from pipeline.kibana.build import build
from pipeline.kibana.client import KibanaClient
from pipeline.kibana.importer import SUGGESTIONS, import_objects, secure_suggestions
from pipeline.kibana.sources import load
from pipeline.settings import Elasticsearch, Settings
from pipeline.settings import Kibana as KibanaSettings
from tests.support.kibana import NOT_READY, Kibana, serving

OBJECTS = build(load())


@pytest.fixture
def kibana() -> Iterator[Kibana]:
    with serving() as found:
        yield found


def client(url: str, *, elasticsearch: dict[str, Any] | None = None, **values: Any) -> KibanaClient:
    given: dict[str, Any] = {"url": url, "request_timeout": 60.0} | values
    section = KibanaSettings(**given)
    return KibanaClient(Settings(kibana=section, elasticsearch=Elasticsearch(**elasticsearch or {})))


def test_everything_arrives_and_a_second_import_replaces_it(kibana: Kibana) -> None:
    steps = import_objects(client(kibana.url), OBJECTS)
    assert {step.done for step in steps} == {"created"}
    assert {(each.type, each.id) for each in OBJECTS} == set(kibana.objects)
    assert kibana.objects["dashboard", "newswire-story"]["attributes"]["title"] == "Story"
    ((method, path, headers),) = kibana.requests
    assert (method, path) == ("POST", "/api/saved_objects/_import?overwrite=true")
    assert headers["kbn-xsrf"]
    assert "Authorization" not in headers
    named = {(step.kind, step.name): step.detail for step in steps}
    assert named["dashboard", "Newsroom"] == f"{kibana.url}/app/dashboards#/view/newswire-newsroom"
    assert ("data view", "News by day spoken of") in named
    assert ("saved search", "Newest corrections") in named

    again = import_objects(client(kibana.url), OBJECTS)
    assert {step.done for step in again} == {"updated"}
    assert len(kibana.objects) == len(OBJECTS)


def test_a_space_and_a_base_path_are_part_of_the_address() -> None:
    with serving(space="desk-1") as kibana:
        import_objects(client(f"{kibana.url}/", space="desk-1"), OBJECTS)
        assert kibana.paths() == ["POST /s/desk-1/api/saved_objects/_import?overwrite=true"]
        with pytest.raises(Fatal, match="404") as fatal:
            import_objects(client(kibana.url), OBJECTS)
        assert "kibana.space" in str(fatal.value.hint)


def test_its_own_user_comes_before_that_of_elasticsearch() -> None:
    with serving(user="desk:pä ss") as kibana:
        import_objects(client(kibana.url, username="desk", password="pä ss"), OBJECTS)
        import_objects(client(kibana.url, elasticsearch={"username": "desk", "password": "pä ss"}), OBJECTS)
        with pytest.raises(Fatal, match="unable to authenticate") as fatal:
            import_objects(
                client(kibana.url, username="desk", password="wrong", elasticsearch={"username": "desk"}), OBJECTS
            )
        assert fatal.value.code is Code.KIBANA_REFUSED
        assert "wrong" not in str(fatal.value)
        with pytest.raises(Fatal, match="401"):
            import_objects(client(kibana.url, api_key="abc", username="desk", password="pä ss"), OBJECTS)
        assert kibana.requests[-1][2]["Authorization"] == "ApiKey abc"


def test_while_it_starts_it_is_to_be_asked_again(kibana: Kibana) -> None:
    kibana.starting = 1
    with pytest.raises(Transient, match=NOT_READY) as transient:
        import_objects(client(kibana.url), OBJECTS)
    assert transient.value.code is Code.KIBANA_UNREACHABLE
    assert import_objects(client(kibana.url), OBJECTS)


def test_nobody_at_the_address_is_to_be_asked_again() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))  # bound, not listening
        with pytest.raises(Transient, match="does not answer"):
            import_objects(client(f"http://127.0.0.1:{free.getsockname()[1]}"), OBJECTS)


def test_a_server_that_says_nothing_is_given_up_in_time() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        with pytest.raises(Transient, match="does not answer"):
            import_objects(client(f"http://127.0.0.1:{mute.getsockname()[1]}", request_timeout=0.3), OBJECTS)


def test_objects_that_kibana_refuses_are_told_with_its_reasons(kibana: Kibana) -> None:
    kibana.unknown_types = frozenset({"map"})
    with pytest.raises(Fatal, match="map newswire-newsroom-map: unsupported_type") as fatal:
        import_objects(client(kibana.url), OBJECTS)
    assert fatal.value.code is Code.KIBANA_REJECTED
    without = [each for each in OBJECTS if each.type != "index-pattern"]
    with serving() as empty, pytest.raises(Fatal, match="missing index-pattern newswire-news") as fatal:
        import_objects(client(empty.url), without)
    assert " more" in str(fatal.value)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((200, b"<html>sign in</html>"), "is not Kibana"),
        ((200, b'{"success": true, "successCount": 3}'), "imported 3 of"),
        ((200, b"[]"), "refused the objects"),
        ((413, b'{"message": "Payload too large"}'), "413 (Payload too large)"),
        ((422, b'{"message": "Document belongs to a more recent version"}'), "more recent version"),
    ],
)
def test_any_other_answer_is_an_error_with_its_words(kibana: Kibana, answer: tuple[int, bytes], told: str) -> None:
    kibana.answer = answer
    with pytest.raises(Fatal) as fatal:
        import_objects(client(kibana.url), OBJECTS)
    assert fatal.value.code is Code.KIBANA_REJECTED
    assert told in str(fatal.value)


def test_a_redirect_is_told_and_our_password_does_not_follow_it(kibana: Kibana) -> None:
    with serving(redirect=f"{kibana.url}/login") as front, pytest.raises(Fatal, match="302"):
        import_objects(client(front.url, username="desk", password="secret"), OBJECTS)
    assert kibana.requests == []


@pytest.mark.parametrize("url", ["kibana:5601", "ftp://kibana", "http://", "http://user:pw@kibana:5601"])
def test_a_bad_address_is_the_users_to_mend(url: str) -> None:
    with pytest.raises(UserError, match=r"kibana\.url"):
        client(url)


def test_a_bad_certificate_file_is_the_users_to_mend() -> None:
    with pytest.raises(UserError, match=r"kibana\.tls_ca_file"):
        client("https://kibana:5601", tls_ca_file="nowhere.pem")


def test_values_are_suggested_by_a_search_from_then_on(kibana: Kibana) -> None:
    assert secure_suggestions(client(kibana.url)).done == "updated"
    assert kibana.settings == {SUGGESTIONS: "terms_agg"}
    assert secure_suggestions(client(kibana.url)).done == "unchanged"
    assert kibana.paths().count("POST /internal/kibana/settings") == 1


def test_a_kibana_yml_that_has_it_already_is_enough_and_one_that_forbids_it_is_told() -> None:
    with serving(overridden={SUGGESTIONS: "terms_agg"}) as kibana:
        assert secure_suggestions(client(kibana.url)).done == "unchanged"
    with serving(overridden={SUGGESTIONS: "terms_enum"}) as kibana:
        step = secure_suggestions(client(kibana.url))
        assert step.done == "kept"
        assert "overridden" in step.detail
        assert "set it to terms_agg yourself" in step.detail
    with serving(starting=1) as kibana, pytest.raises(Transient):
        secure_suggestions(client(kibana.url))


def test_every_failure_is_an_error_of_ours(kibana: Kibana) -> None:
    for status in (301, 400, 401, 403, 404, 409, 413, 429, 500, 502, 503, 504):
        kibana.answer = (status, b"\xff\x00 text")
        with pytest.raises(NewswireError) as error:
            import_objects(client(kibana.url), OBJECTS)
        transient = isinstance(error.value, Transient)
        assert transient == (status in (429, 502, 503, 504)), status
        assert str(status) in str(error.value)
