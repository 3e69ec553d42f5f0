"""The server without a browser: who may ask, what it never answers, and how it starts and ends."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest

from pipeline.web import server
from tests.integration.web.conftest import Newsroom
from tests.support.browser import GUARD, Browser, Keys

pytestmark = pytest.mark.servers


def test_every_answer_forbids_what_is_not_ours(get: Any) -> None:
    for path in ("/", "/article", "/static/main.js", "/api/search", "/api/nothing", "/nothing"):
        _, headers, _ = get(path)
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize(
    "name", ["evil.example", "evil.example:8710", "127.0.0.1.evil.example", "", "[::1", "localhost.evil.example"]
)
def test_an_unknown_name_is_refused(get: Any, name: str) -> None:
    status, _, body = get("/api/search", Host=name)
    assert status == 421
    assert b"hits" not in body


@pytest.mark.parametrize("name", ["localhost", "localhost:1", "127.0.0.1:8710", "[::1]:99", "LOCALHOST"])
def test_a_known_name_is_answered(get: Any, name: str) -> None:
    assert get("/api/search", Host=name)[0] == 200


def test_other_sites_may_not_ask(get: Any) -> None:
    assert get("/api/search", Sec_Fetch_Site="cross-site")[0] == 403
    assert get("/api/search", Sec_Fetch_Site="same-origin")[0] == 200
    assert get("/", Sec_Fetch_Site="cross-site")[0] == 200  # a link from elsewhere


def test_files_are_kept_by_the_browser_until_they_change(get: Any) -> None:
    status, headers, body = get("/static/main.js")
    assert (status, headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert get("/static/main.js", If_None_Match=headers["ETag"])[0] == 304
    _, packed, small = get("/static/main.js", Accept_Encoding="gzip")
    assert packed["Content-Encoding"] == "gzip"
    assert len(small) < len(body)
    for path in ("/static/../api.py", "/static/%2e%2e/api.py", "/static/", "/static/nothing.js", "/etc/passwd"):
        assert get(path)[0] == 404, path


BAD = [
    {"q": "*x"},
    {"q": "x" * 3000},
    {"q": "(" * 50},
    {"q": '"'},
    {"q": "a:b:c"},
    {"q": "\ud800"},
    {"q": "\x00\x1b"},
    {"q": "/.*/"},
    {"q": "published:[nonsense TO 5]"},
    {"q": "urgency:many"},
    {"q": "a~9 b~ c~ d~ e~ f~"},
    {"q": "dates.text:x"},
    {"q": "_id:x"},
    {"q": "AND"},
    {"q": "OR OR"},
    {"q": "NOT"},
    {"q": "a AND"},
    {"q": "published:>"},
    {"q": "_exists_:"},
    {"q": "locations:1"},
    {"about": "yesterday"},
    {"about": "2025-02-30"},
    {"about": "9999-12-31.."},
    {"published": ".."},
    {"published": "0001..9999"},
    {"said": "2025-13"},
    {"sort": "random"},
    {"page": "0"},
    {"page": "-1"},
    {"page": "501"},
    {"page": "9" * 30},
    {"page": "١"},
    {"area": "1,2,3"},
    {"area": "nan,1,2,3"},
    {"area": "91,0,0,1"},
    {"area": "0,0,10,10"},
    {"area": "inf,0,0,1"},
    {"area": "80,170,-80,-170"},
    {"area": "0.000002,1,0.000001,1.00001"},
    {"timeline": "said"},
    {"people": "x" * 2000},
    {"nothing": "1"},
    {"people": "\u202e"},
    {"language": "xx"},
    {"person": "!!!"},
    {"speaker": "."},
    {"quote": "*"},
    {"map": "2"},
    {"widely": "2"},
    {"fold": "x"},
]


@pytest.mark.parametrize("asked", BAD, ids=lambda asked: repr(asked)[:40])
def test_no_input_is_answered_by_a_failure_of_the_server(get: Any, asked: dict[str, str]) -> None:
    query = urlencode(asked, errors="surrogatepass")
    for question in ("search", "alike", "counts", "arrivals"):
        status, headers, body = get(f"/api/{question}?{query}&map=1")
        assert status in (200, 400), (question, body)
        assert headers["Content-Type"].startswith("application/json")
        if status == 400:
            assert json.loads(body)["error"]["code"] == "usage"
    assert get(f"/api/search?{'people=x&' * 60}")[0] == 400
    assert get(f"/api/search?q={'x' * 20_000}")[0] in (400, 414, 431)


@pytest.mark.parametrize("query", ["", "q=storm", "q=storm&published=2025-03-04"])
def test_every_article_is_in_a_bar_of_the_timeline(get: Any, query: str) -> None:
    beside = query.partition("&published")[0]  # the timeline's own days do not narrow it
    total = json.loads(get(f"/api/search?{beside}")[2])["answer"]["total"]
    bars = json.loads(get(f"/api/counts?{query}")[2])["timeline"]["bars"]
    assert sum(bar["count"] for bar in bars) == total > 0


def test_a_cursor_of_an_earlier_start_is_replaced(get: Any) -> None:
    for cursor in ("1690000000000-7", "nonsense", ""):
        told = json.loads(get(f"/api/arrivals?cursor={cursor}")[2])
        assert told["uris"] == []
        assert "cursor" not in json.loads(get(f"/api/arrivals?cursor={told['cursor']}")[2])


@pytest.mark.parametrize("uri", ["", "x" * 9000, "\ud800", "\x00", "a/../b", "urn:none"])
def test_no_id_is_answered_by_a_failure_of_the_server(get: Any, uri: str) -> None:
    status, _, _ = get(f"/api/article?uri={quote(uri, errors='surrogatepass')}")
    assert status in (400, 404, 414)


def test_only_questions_are_answered(get: Any) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
        assert get("/api/search", method=method)[0] == 405
    assert get("/api/login", method="POST", body=b"x" * 100_000)[0] == 413


@pytest.fixture
def guarded(newsroom: Newsroom, tmp_path: Any) -> Any:
    """The page with a token, on another port; asks as `get` does."""
    section = newsroom.settings.web.model_copy(
        update={"token": type(newsroom.settings.web.token)("correct horse battery")}
    )
    with server.running(newsroom.settings.model_copy(update={"web": section})) as address:
        yield address


def ask(address: str, path: str, *, method: str = "GET", body: bytes | None = None, cookie: str = "") -> Any:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=GUARD)
    connection.request(method, path, body=body, headers={"Cookie": cookie} if cookie else {})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def test_a_token_is_asked_for_and_remembered(guarded: str) -> None:
    for path in ("/api/search", "/api/alike", "/api/counts", "/api/arrivals", "/api/article?uri=x"):
        assert ask(guarded, path).status == 401
        assert ask(guarded, path, cookie="newswire=99999999999.0000").status == 401
    assert ask(guarded, "/api/login", method="POST", body=b"wrong").status == 403
    answer = ask(guarded, "/api/login", method="POST", body=b"correct horse battery")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "correct" not in cookie
    assert ask(guarded, "/api/search", cookie=cookie.split(";")[0]).status == 200
    forged = "newswire=9" + cookie.split(";")[0].removeprefix("newswire=")
    assert ask(guarded, "/api/search", cookie=forged).status == 401


def test_logging_in_by_the_page(browser: Browser, newsroom: Newsroom, guarded: str) -> None:
    browser.address = guarded
    browser.open("/?q=storm")
    browser.wait(lambda: browser.all("#token"), what="the question for the token")
    assert browser.script("return document.activeElement.id") == "token"
    browser.one("#token").send_keys("wrong", Keys.ENTER)
    browser.wait(lambda: "not the token" in browser.text("#login"), what="no")
    assert browser.uris() == []
    browser.one("#token").clear()
    browser.one("#token").send_keys("correct horse battery", Keys.ENTER)
    browser.wait(lambda: browser.uris(), what="the list")
    assert browser.location == "/?q=storm"
    assert browser.script("return document.cookie") == ""  # no script reads it
    browser.driver.delete_all_cookies()


def test_the_command_serves_until_ctrl_c(newsroom: Newsroom) -> None:
    environment = os.environ | {
        "NEWSWIRE__ELASTICSEARCH__HOSTS": newsroom.settings.elasticsearch.hosts,
        "NEWSWIRE__KAFKA__BOOTSTRAP_SERVERS": "127.0.0.1:1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", "web", "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]
        assert urlsplit(address).hostname == "127.0.0.1"
        assert ask(address, "/").status == 200
        assert ask(address, "/api/search?q=storm").status == 200
        taken = subprocess.run(
            [sys.executable, "-m", "pipeline.cli", "web", "--port", str(urlsplit(address).port)],
            env=environment, capture_output=True, text=True, timeout=GUARD, check=False,
        )  # fmt: skip
        assert taken.returncode == 2
        assert "is in use" in taken.stderr
        process.send_signal(signal.SIGINT)
        assert process.wait(GUARD) == 0
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()
