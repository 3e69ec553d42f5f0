"""The article in a real browser: what was found stands where it is in the text, and nothing in a text ever runs."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from pipeline.article import (
    Concept,
    Dateline,
    EnrichedArticle,
    Entity,
    Interval,
    Link,
    Mention,
    Quotation,
    Speaker,
    Timex,
)
from pipeline.index.lookup import lookup
from tests.integration.web.conftest import Newsroom
from tests.support.browser import Browser
from tests.support.enriched import enriched, span

pytestmark = pytest.mark.servers

MAUD = "tag:meridian.example,2025-03-03:storm-maud-galway"


def open_article(browser: Browser, uri: str, **search: str) -> None:
    browser.open(f"/article?{urlencode({'uri': uri, **search})}")


def marks(browser: Browser, selector: str) -> list[dict[str, Any]]:
    """The marks of the text: their text, data and the code point at which they begin in the text shown."""
    found: list[dict[str, Any]] = browser.script(
        """
        const body = document.querySelector('.body');
        const range = document.createRange();
        return [...body.querySelectorAll(arguments[0])].map((mark) => {
          const paragraph = mark.closest('p');
          range.setStart(paragraph, 0);
          range.setEndBefore(mark);
          return {text: mark.textContent, ...mark.dataset, tag: mark.tagName, href: mark.getAttribute('href'),
                  paragraph: [...body.children].indexOf(paragraph), offset: [...range.toString()].length};
        });
        """,
        selector,
    )
    return found


def check_marks(browser: Browser, article: EnrichedArticle) -> None:
    """Every finding is marked, with the text and at the place that its offsets name."""
    starts, position = [], 0
    for paragraph in browser.script("return [...document.querySelectorAll('.body p')].map((p) => p.textContent)"):
        position = article.body.index(paragraph, position)
        starts.append(position)
        position += len(paragraph)
    shown = {
        (kind, starts[mark["paragraph"]] + mark["offset"], mark["text"])
        for kind, selector in (("name", ".mark.name"), ("date", ".mark.date"))
        for mark in marks(browser, selector)
    }
    expected = {("name", m.start, m.text) for entity in article.entities for m in entity.mentions}
    expected |= {("date", date.start, date.text) for date in article.dates}
    assert shown == expected
    for _, start, text in shown:
        assert article.body[start : start + len(text)] == text
    for number, quotation in enumerate(article.quotations):
        parts = marks(browser, f'[data-quotation="{number}"]')
        assert "".join(part["text"] for part in parts) == quotation.text.replace("\n\n", "")
        if quotation.speaker:
            said = marks(browser, f'[data-said="{number}"]')
            assert "".join(part["text"] for part in said) == quotation.speaker.text


def test_every_demo_article_is_marked_where_its_offsets_say(browser: Browser, newsroom: Newsroom) -> None:
    browser.open()
    for uri in browser.uris()[::4]:
        open_article(browser, uri)
        check_marks(browser, lookup(newsroom.client, uri))


def test_letters_beyond_the_basic_plane_do_not_shift_marks(browser: Browser, newsroom: Newsroom) -> None:
    body = (
        "🚢🚢 𝕱erry 👩🏽‍✈️: Jüri Põldmaa said on Tuesday 🗓️: “It 🎉 sails again,” Põldmaa told 北京 𠮷野 on 9 March."
        "\n\n👋 Põldmaa left."
    )
    at = [index for index in range(len(body)) if body.startswith("Põldmaa", index)]
    article = enriched(
        "urn:newswire:test:astral",
        body=body,
        entities=(
            Entity(
                id="name:juri poldmaa",
                type="PERSON",
                canonical="Jüri Põldmaa",
                mentions=(
                    Mention(**span("Jüri Põldmaa", body=body), label="PERSON"),
                    *(Mention(text="Põldmaa", start=start, end=start + 7, label="PERSON") for start in at[1:]),
                ),
            ),
            Entity(
                id="name:x",
                type="LOCATION",
                canonical="𠮷野",
                mentions=(Mention(**span("𠮷野", body=body), label="GPE"),),
            ),
        ),
        dates=(
            Timex(**span("Tuesday", body=body), type="DATE", value="2022-03-08"),
            Timex(
                **span("9 March", body=body),
                type="DATE",
                value="2022-03-09",
                interval=Interval(gte="2022-03-09", lt="2022-03-10"),
            ),
        ),
        places=(),
        quotations=(
            Quotation(
                **span("“It 🎉 sails again,”", body=body),
                direct=True,
                speaker=Speaker(
                    entity="name:juri poldmaa", canonical="Jüri Põldmaa", text="Põldmaa", start=at[1], end=at[1] + 7
                ),
            ),
        ),
    )
    with newsroom.with_articles(article):
        open_article(browser, article.uri)
        check_marks(browser, article)
        assert len(marks(browser, ".mark.name")) == 4


def test_findings_lead_to_their_coverage(browser: Browser, newsroom: Newsroom) -> None:
    article = lookup(newsroom.client, MAUD)
    open_article(browser, MAUD, q="storm")
    for entity in article.entities:
        facet = {"PERSON": "people", "ORGANIZATION": "organizations", "LOCATION": "places"}.get(entity.type)
        links = {mark["href"] for mark in marks(browser, ".mark.name") if mark["entity"] == entity.id}
        asked = [parse_qs(urlsplit(link).query) for link in links]
        assert asked == ([{facet: [entity.canonical]}] if facet else [{"q": [f'"{entity.canonical}"']}])
    monday = next(mark for mark in marks(browser, ".mark.date") if mark["text"] == "Monday")
    assert (monday["note"], monday["value"]) == ("Mon 3 Mar 2025", "2025-03-03")
    assert "Mon 3 Mar 2025" in browser.text(".margin")
    browser.click('.body [data-value="2025-03-03"]')
    assert browser.location == "/?about=2025-03-03"
    assert MAUD in browser.uris()
    browser.driver.back()
    browser.wait(lambda: browser.location.startswith("/article"), what="the article")
    browser.settled()
    speakers = [quotation.speaker.canonical for quotation in article.quotations if quotation.speaker]
    browser.click('.margin a[href*="speakers="]')
    assert parse_qs(urlsplit(browser.location).query) == {"speakers": [speakers[0]]}
    assert MAUD in browser.uris()
    browser.driver.back()
    browser.wait(lambda: browser.location.startswith("/article"), what="the article")
    browser.settled()
    browser.click("#back")
    assert browser.location == "/?q=storm"


def test_marks_can_be_hidden_and_quotations_found_in_the_text(browser: Browser) -> None:
    open_article(browser, MAUD)
    underlined = "return getComputedStyle(document.querySelector('.body .mark.name')).textDecorationLine"
    assert browser.script(underlined) == "underline"
    browser.one(".marks input").click()
    assert browser.script(underlined) == "none"
    button = browser.one(".margin .jump")
    assert str(button.get_attribute("aria-label")).endswith("show it in the text")
    button.click()
    lit = browser.wait(lambda: browser.all(".body .quotation.lit"), what="the quotation standing out")
    assert lit[0].is_displayed()


def test_the_history_of_versions_tells_what_each_changed(browser: Browser, get: Any) -> None:
    open_article(browser, MAUD)
    browser.one(".history summary").click()
    browser.wait(lambda: len(browser.all(".history li")) == 2, what="both versions")
    newest = browser.one(".history li")
    assert "shown above" in newest.text
    assert "false" not in browser.text(".history")
    assert "CORRECTION" in newest.text
    removed = [each.text for each in newest.find_elements("css selector", "del")]
    added = [each.text for each in newest.find_elements("css selector", "ins")]
    assert removed == ["48,000", "48,000"]  # in headline and text
    assert added == ["84,000", "84,000"]
    killed = "tag:meridian.example,2025-03-12:mombasa-ferry"
    status, _, body = get(f"/api/versions?{urlencode({'uri': killed})}")
    assert (status, b"Mombasa" in body) == (404, False)


def test_a_new_version_is_told_of_while_one_reads(browser: Browser, newsroom: Newsroom) -> None:
    first = enriched("urn:newswire:test:corrected", headline="Ferry sails on Tuesday", version="1")
    second = enriched("urn:newswire:test:corrected", headline="Ferry sails on Friday", version="2")
    with newsroom.with_articles(first):
        browser.open("/?q=headline:sails")
        browser.click("#results h2 a")
        newsroom.write(second)
        button = browser.wait(lambda: browser.all("button.arrived"), what="the new version")[0]
        assert browser.text("#story-title") == "Ferry sails on Tuesday"
        button.click()
        browser.wait(lambda: browser.text("#story-title") == "Ferry sails on Friday", what="the correction")


def test_a_version_is_told_of_that_came_right_after_the_address_was_opened(
    browser: Browser, newsroom: Newsroom
) -> None:
    first = enriched("urn:newswire:test:direct", headline="Ferry sails on Monday", version="1")
    with newsroom.with_articles(first):
        open_article(browser, first.uri)
        newsroom.write(enriched(first.uri, headline="Ferry sails on Sunday", version="2"))
        browser.wait(lambda: browser.all("button.arrived"), what="the new version")
        assert browser.text("#story-title") == "Ferry sails on Monday"


def test_a_story_killed_while_one_reads_it_goes_from_the_page(browser: Browser, newsroom: Newsroom) -> None:
    story = enriched("urn:newswire:test:to-be-killed", headline="Numbat elected mayor")
    with newsroom.with_articles(story):
        open_article(browser, story.uri)
        assert browser.text("#story-title") == "Numbat elected mayor"
        newsroom.write(enriched(story.uri, headline="Numbat elected mayor", pubStatus="canceled"))
        browser.wait(lambda: "not be shown any more" in browser.text("#story-title"), what="the end")
        assert "Numbat" not in browser.text("body")
        assert "Numbat" not in browser.driver.title


HOSTILE = (
    "<script>window.pwned=1</script>",
    "<img src=x onerror=\"window.pwned=1\">",
    "\"><svg onload=window.pwned=1>",
    "javascript:window.pwned=1",
    "</title></style></textarea><iframe srcdoc='<script>parent.pwned=1</script>'>",
    "{{constructor.constructor('window.pwned=1')()}}",
)  # fmt: skip


def hostile(number: int, payload: str) -> EnrichedArticle:
    """An article with the payload in every field that a provider fills."""
    body = f"{payload} zebrafish {payload}\n\n{payload}"
    mention: dict[str, Any] = {"text": payload, "start": 0, "end": len(payload)}
    return enriched(
        f"urn:newswire:test:{number}:{payload}",
        body=body,
        headline=f"zebrafish {payload}",
        description=payload,
        slugline=payload,
        by=payload,
        located=payload,
        dateline=Dateline(text=payload, place=payload, source=payload),
        edNote=payload,
        source=payload,
        language=payload,
        copyrightHolder=payload,
        copyrightNotice=payload,
        usageTerms=payload,
        signals=(payload,),
        version=payload,
        keywords=(payload,),
        subjects=(Concept(name=payload, uri=payload),),
        genres=(Concept(name=payload),),
        links=(
            Link(href=payload, title=payload),
            Link(href="javascript:window.pwned=1", title="run"),
            Link(href="data:text/html,<script>1</script>", title="data"),
            Link(href="//evil.example", title="relative"),
            Link(href="https://agency.example/story", title="good"),
        ),
        entities=(
            Entity(id=payload, type="PERSON", canonical=payload, mentions=(Mention(**mention, label="PERSON"),)),
        ),
        dates=(Timex(text="zebrafish", start=len(payload) + 1, end=len(payload) + 10, type="DATE", value=payload),),
        places=(),
        quotations=(
            Quotation(
                **mention, direct=True, speaker=Speaker(entity=payload, canonical=payload, **mention), said=None
            ),
        ),
    )


def test_nothing_in_an_article_runs(browser: Browser, newsroom: Newsroom) -> None:
    articles = [hostile(number, payload) for number, payload in enumerate(HOSTILE)]
    with newsroom.with_articles(*articles):
        browser.open("/?q=zebrafish")
        assert set(browser.uris()) == {article.uri for article in articles}
        check_harmless(browser)
        for payload in HOSTILE:
            assert payload in browser.text("#results")
            assert payload in browser.text('[data-facet="people"]')
        browser.click('[data-facet="people"] a')
        assert any(payload in browser.text("#chips") for payload in HOSTILE)
        check_harmless(browser)
        for article, payload in zip(articles, HOSTILE, strict=True):
            open_article(browser, article.uri, q=payload)
            assert browser.text("#story-title") == article.headline
            for part in (".body", ".margin", ".details"):
                assert payload in browser.text(part)
            check_harmless(browser)
            links = browser.script(
                """
                const links = [...document.querySelectorAll('#article a')];
                return links.map((a) => a.protocol + ' ' + a.target + ' ' + a.rel);
                """
            )
            assert {link.split(" ")[0] for link in links} <= {"http:", "https:"}
            assert [link for link in links if "_blank" in link] == ["https: _blank noopener noreferrer nofollow"]


def check_harmless(browser: Browser) -> None:
    """No script of an article has run, and no element of one is there."""
    for selector in ("script:not([src^='/static/'])", "iframe", "img", "object", "embed", "[onerror]", "[onload]"):
        assert browser.all(selector) == [], selector
    assert browser.script("return window.pwned ?? null") is None
