"""Who may ask: names, tokens and cookies; pure but for the clock that is passed in."""

from __future__ import annotations

import asyncio

import pytest

from pipeline.errors import Code, UserError
from pipeline.web import files, guard

SECRET = "a secret of enough letters"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_needs_no_token(host: str) -> None:
    guard.check_reach(host, "")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "news.example"])
@pytest.mark.parametrize("token", ["", "short"])
def test_others_reach_it_by_a_token_alone(host: str, token: str) -> None:
    with pytest.raises(UserError) as raised:
        guard.check_reach(host, token)
    assert raised.value.code == Code.SETTINGS
    guard.check_reach(host, SECRET)


@pytest.mark.parametrize(
    ("header", "known"),
    [
        ("localhost:8710", True),
        ("127.0.0.1", True),
        ("[::1]:8710", True),
        ("192.168.1.5:80", True),
        ("News.Example:443", True),
        ("evil.example", False),
        ("news.example.evil.example", False),
        ("", False),
        (None, False),
        ("[", False),
        ("a@localhost:x", True),
    ],
)
def test_names_by_which_it_is_reached(header: str | None, known: bool) -> None:
    assert guard.known_name(header, ["news.example"]) is known


def test_a_cookie_is_good_until_its_time_and_for_its_token() -> None:
    now = [1_000.0]
    token = guard.Token(SECRET, clock=lambda: now[0])
    cookie = asyncio.run(token.try_token(f" {SECRET}\n"))
    assert cookie is not None
    assert SECRET not in cookie
    assert token.accepts(cookie)
    until, _, signed = cookie.partition(".")
    for forged in (None, "", ".", signed, f"{int(until) + 1}.{signed}", f"{until}.{signed[:-1]}0x", f"{until}.é"):
        assert not token.accepts(forged), forged
    assert not guard.Token("another secret of letters", clock=lambda: now[0]).accepts(cookie)
    now[0] += guard.VALID_FOR + 1
    assert not token.accepts(cookie)


def test_without_a_token_nobody_is_asked() -> None:
    assert guard.Token("").accepts(None)


def test_a_wrong_token_takes_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    assert asyncio.run(guard.Token(SECRET).try_token("é")) is None
    assert waited == [guard.AFTER_A_WRONG_TOKEN]


def test_a_stream_of_wrong_tokens_keeps_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    # none of the answers that wait comes while this runs, however busy the machine is
    monkeypatch.setattr(guard, "AFTER_A_WRONG_TOKEN", 3600.0)

    async def tried() -> tuple[int, int]:
        token = guard.Token(SECRET)
        wrong = [asyncio.create_task(token.try_token(f"wrong {number}")) for number in range(guard.MOST_WAITING + 50)]
        await asyncio.sleep(0)
        assert await asyncio.wait_for(token.try_token(SECRET), timeout=60)
        done, waiting = await asyncio.wait(wrong, timeout=0.25)
        for each in waiting:
            each.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert all(each.result() is None for each in done)
        late = asyncio.create_task(token.try_token("wrong"))  # room again
        assert not (await asyncio.wait([late], timeout=0.05))[0]
        late.cancel()
        return len(done), len(waiting)

    assert asyncio.run(tried()) == (50, guard.MOST_WAITING)


def test_the_files_of_the_page_name_nothing_elsewhere() -> None:
    found = {file.name: file.plain.decode() for file in files.files()}
    assert {"index.html", "main.js", "base.css", "icon.svg"} <= set(found)
    for name, text in found.items():
        assert "innerHTML" not in text, name
        assert "insertAdjacentHTML" not in text, name
        assert "eval(" not in text, name
        for line in text.splitlines():
            if "http://" in line or "https://" in line:
                assert "www.w3.org" in line, (name, line)
