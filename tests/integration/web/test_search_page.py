"""The list in a real browser: searching, filters, timeline, map, keys, and what arrives meanwhile."""

from __future__ import annotations

import json
from functools import partial
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from selenium import webdriver

from pipeline.enrich.near_duplicates import minhash
from pipeline.index import daterange
from pipeline.index.fold_steps import WALKED_AT_ONCE
from pipeline.index.search import Answer, SearchRequest
from tests.integration.web.conftest import Newsroom
from tests.support.asked import whole
from tests.support.browser import Browser, Keys
from tests.support.enriched import enriched

pytestmark = pytest.mark.servers


def found(newsroom: Newsroom, query: str = "", **asked: Any) -> Answer:
    """What `newswire search --collapse` finds."""
    return whole(newsroom.client, SearchRequest(query=query, limit=20, collapse=True, **asked))


def uris(answer: Answer) -> list[str]:
    return [hit.uri for hit in answer.hits]


def parameters(browser: Browser) -> dict[str, list[str]]:
    return parse_qs(urlsplit(browser.location).query)


@pytest.mark.parametrize("query", ["Øresund", "storm OR ferry", '"chief engineer"', "person:ægidius", "nothingatall"])
def test_what_is_typed_finds_what_newswire_search_finds(browser: Browser, newsroom: Newsroom, query: str) -> None:
    browser.open()
    browser.one("#q").send_keys(query, Keys.ENTER)
    browser.wait(lambda: parameters(browser).get("q") == [query], what="the query in the address")
    browser.settled()
    answer = found(newsroom, query)
    assert browser.uris() == uris(answer)
    assert browser.text("#summary").startswith(f"{answer.total} article" if answer.total else "No articles")
    if query == "Øresund":
        assert "Øresund" in [mark.text for mark in browser.all("#results mark")]
    assert browser.one("#nothing").is_displayed() is not bool(answer.total)


def test_a_facet_narrows_to_its_count_and_its_chip_widens_again(browser: Browser, newsroom: Newsroom) -> None:
    browser.open()
    everything = browser.uris()
    for facet in ("people", "organizations", "places", "countries", "speakers", "source", "language"):
        link = browser.one(f'[data-facet="{facet}"] a')
        value = str(link.get_attribute("data-value"))
        count = int(link.find_element("css selector", ".count").text.replace(",", ""))
        browser.click(f'[data-facet="{facet}"] a')
        assert parameters(browser) == {facet: [value]}
        assert browser.text("#summary").split(" ")[0] == str(count), facet
        assert browser.one(f'[data-facet="{facet}"] a.chosen').get_attribute("data-value") == value
        browser.click(f'[data-filter="{facet}"]')
        assert browser.location == "/"
        assert browser.uris() == everything
        assert not browser.all(".chip")


def test_two_facets_must_both_hold_and_the_browser_goes_back_and_forward(browser: Browser) -> None:
    browser.open("/?q=storm")
    browser.click('[data-facet="countries"] a')
    one = (browser.location, browser.uris())
    browser.click('[data-facet="source"] a')
    two = (browser.location, browser.uris())
    assert set(two[1]) <= set(one[1])
    assert len(browser.all(".chip")) == 2
    browser.driver.back()
    browser.wait(lambda: browser.location == one[0], what="the address before")
    browser.settled()
    assert browser.uris() == one[1]
    browser.driver.forward()
    browser.wait(lambda: browser.location == two[0], what="the address after")
    browser.settled()
    assert browser.uris() == two[1]
    browser.open(two[0])  # shared with somebody else
    assert browser.uris() == two[1]
    browser.click(".clear")
    assert browser.location == "/?q=storm"


@pytest.mark.parametrize("by", ["published", "about"])
def test_dragging_over_the_timeline_chooses_days(browser: Browser, newsroom: Newsroom, by: str) -> None:
    browser.open()
    if by == "about":
        browser.script("document.querySelector('[name=timeline][value=about]').click()")
        browser.wait(lambda: parameters(browser) == {"timeline": ["about"]}, what="the other days")
        browser.settled()
    plot = browser.one(".plot")
    width = plot.size["width"]
    drag = webdriver.ActionChains(browser.driver, duration=50)
    drag.move_to_element_with_offset(plot, -width // 5, 0).click_and_hold()
    drag.move_to_element_with_offset(plot, width // 10, 0).release().perform()
    browser.wait(lambda: by in parameters(browser), what="days in the address")
    browser.settled()
    chosen = parameters(browser)[by][0]
    days = daterange.parse(chosen)
    assert days.gte is not None
    assert days.lt is not None
    assert (days.lt - days.gte).days > 2
    asked: dict[str, Any] = {by: days}
    answer = found(newsroom, **asked)
    assert answer.total > 0
    assert browser.uris() == uris(answer)
    assert len(browser.all(".bar.out")) > 3  # what lies beside stays in view
    assert browser.one(f'[data-filter="{by}"]').is_displayed()


def moved(browser: Browser) -> bool:
    # found anew each time: the list may have followed by itself meanwhile
    browser.one(".handle.first").send_keys(Keys.ARROW_RIGHT)
    return True


def stands_at(browser: Browser, bar: str) -> bool:
    return browser.one(".handle.first").get_attribute("aria-valuenow") == bar


def test_the_timeline_is_moved_by_keys(browser: Browser, newsroom: Newsroom) -> None:
    browser.open()
    first, last = browser.all(".handle")
    assert [handle.get_attribute("role") for handle in (first, last)] == ["slider", "slider"]
    bars = int(str(last.get_attribute("aria-valuemax")))
    for bar in ("1", "2"):
        browser.wait(partial(moved, browser), what="a handle to be moved")
        browser.wait(partial(stands_at, browser, bar), what=f"the handle at bar {bar}")
    browser.keys(Keys.ENTER)
    browser.wait(
        lambda: parameters(browser).get("published") == ["2025-03-05..2025-03-22"], what="days in the address"
    )
    browser.settled()
    handle = browser.one(".handle.first")
    assert handle.get_attribute("aria-valuenow") == "2"
    assert str(handle.get_attribute("aria-valuetext")).startswith("Wed 5 Mar 2025")
    assert browser.script("return document.activeElement.dataset.handle") == "first"
    browser.keys(Keys.END, Keys.ENTER)
    browser.wait(lambda: parameters(browser)["published"] == ["2025-03-22"], what="the last day alone")
    browser.settled()
    assert browser.uris() == uris(found(newsroom, published=daterange.parse("2025-03-22")))
    assert browser.one(".handle.first").get_attribute("aria-valuenow") == str(bars)
    browser.keys(Keys.DELETE)
    browser.wait(lambda: browser.location == "/", what="no days")


def test_a_cluster_of_the_map_filters_to_its_count(browser: Browser) -> None:
    browser.open()
    clusters = browser.all(".cluster")
    assert len(clusters) >= 5
    for cluster in clusters:
        name = str(cluster.get_attribute("aria-label"))
        assert name.startswith(str(cluster.get_attribute("data-count"))), name
    count = browser.one(".cluster:last-of-type").get_attribute("data-count")
    browser.click(".cluster:last-of-type circle")
    assert set(parameters(browser)) == {"area"}
    assert browser.text("#summary").split(" ")[0] == count
    inside = browser.all(".cluster")
    assert inside
    assert all(int(str(each.get_attribute("data-count"))) <= int(str(count)) for each in inside)
    browser.click(".whole")
    assert browser.location == "/"


def test_everything_by_keyboard(browser: Browser, newsroom: Newsroom) -> None:
    browser.open()
    browser.keys("/")
    assert browser.script("return document.activeElement.id") == "q"
    browser.keys("storm", Keys.ENTER)
    browser.wait(lambda: parameters(browser).get("q") == ["storm"], what="the query")
    browser.settled()
    browser.keys(Keys.ESCAPE)  # out of the box
    browser.keys("j", "j", "k", "j")
    second = browser.uris()[1]
    focused = "return document.activeElement.closest('li')?.dataset.uri"
    assert browser.script(focused) == second
    browser.keys(Keys.ENTER)
    browser.wait(lambda: browser.location.startswith("/article?uri="), what="the article")
    browser.settled()
    assert browser.script("return document.activeElement.id") == "story-title"
    browser.keys("j")
    browser.wait(lambda: quote(browser.uris()[2], safe="") in browser.location, what="the next article")
    browser.settled()
    browser.keys("k")
    browser.wait(lambda: quote(second, safe="") in browser.location, what="the article before it")
    browser.settled()
    browser.keys(Keys.ESCAPE)
    browser.wait(lambda: browser.location == "/?q=storm", what="the list")
    browser.settled()
    assert browser.script(focused) == second
    browser.keys("?")
    browser.wait(lambda: browser.script("return document.getElementById('help').open"), what="the help")
    browser.keys(Keys.ESCAPE)
    browser.wait(lambda: not browser.script("return document.getElementById('help').open"), what="no help")
    assert browser.location == "/?q=storm"


def test_refine_asks_who_said_what_when(browser: Browser, newsroom: Newsroom) -> None:
    browser.open()
    browser.one("#refine-toggle").click()
    browser.one("#refine [name=speaker]").send_keys("Þórsdóttir")
    browser.one("#refine [name=quote]").send_keys("boat")
    browser.one("#refine [name=said]").send_keys("2025-03-10..2025-03-16", Keys.ENTER)
    browser.wait(lambda: "said" in parameters(browser), what="the question in the address")
    browser.settled()
    asked: dict[str, Any] = {
        "speakers": ("Þórsdóttir",),
        "quote": "boat",
        "said": daterange.parse("2025-03-10..2025-03-16"),
    }
    answer = found(newsroom, **asked)
    assert browser.uris() == uris(answer)
    assert answer.hits[0].quotations[0].text in browser.text(".found")
    assert len(browser.all(".chip")) == 3


def test_pages_of_many_articles(browser: Browser, newsroom: Newsroom) -> None:
    browser.open()
    first = browser.uris()
    assert len(first) == 20
    browser.click("#pager [rel=next]")
    assert parameters(browser) == {"page": ["2"]}
    second = browser.uris()
    assert not set(first) & set(second)
    assert second == uris(whole(newsroom.client, SearchRequest(limit=20, offset=20, collapse=True)))
    browser.click("#pager [rel=prev]")
    assert (browser.location, browser.uris()) == ("/", first)


def test_what_says_the_same_is_folded(browser: Browser, newsroom: Newsroom) -> None:
    body = "The ferry between Tallinn and Helsinki ran aground on Monday with Kaja Tamm and 212 others aboard. " * 2
    copies = [
        enriched(
            f"urn:newswire:test:fold:{agency}",
            headline=f"Ferry aground, says {agency}",
            body=f"({agency}) {body}",
            source=agency,
            minhash=minhash(body),
            entities=(), dates=(), quotations=(), places=(),
        )
        for agency in ("One", "Two", "Three")
    ]  # fmt: skip
    with newsroom.with_articles(*copies):
        browser.open("/?q=ferry+aground+Tamm")
        assert len(browser.uris()) == 1
        summary = browser.one(".alike summary")
        assert summary.text == "2 more articles say the same"
        summary.click()
        shown = {
            browser.uris()[0],
            *(parse_qs(urlsplit(str(a.get_attribute("href"))).query)["uri"][0] for a in browser.all(".alike a")),
        }
        assert shown == {copy.uri for copy in copies}
        browser.click("#fold")
        assert len(browser.uris()) == 3


def test_what_says_the_same_far_below_is_folded_once_the_list_is_there(browser: Browser, newsroom: Newsroom) -> None:
    """More articles between the two than are walked through for the list."""
    body = (
        "The lighthouse of Kiipsaare leaned by another degree on Monday, and 31 visitors were led away from it. " * 2
    )
    plain: dict[str, Any] = {"entities": (), "dates": (), "quotations": (), "places": (), "keywords": ("kiipsaare",)}
    copies = [
        enriched(f"urn:newswire:test:far:{n}", body=body, minhash=minhash(body), versionCreated=day, **plain)
        for n, day in enumerate(("2025-04-02", "2025-04-02T00:00:01Z", "2025-03-01"))
    ]
    flashes = [
        enriched(f"urn:newswire:test:flash:{n}", body=f"Flash {n}.", versionCreated="2025-04-01", **plain)
        for n in range(WALKED_AT_ONCE)
    ]
    with newsroom.with_articles(*copies, *flashes):
        browser.open("/?q=keywords:kiipsaare&sort=newest")
        assert browser.uris()[0] == copies[1].uri
        summary = browser.one(f'#results > li[data-uri="{copies[1].uri}"] .alike summary')
        assert summary.text == "2 more articles say the same"
        folded = found(newsroom, "keywords:kiipsaare", sort="newest").hits[0]
        assert [alike.uri for alike in folded.alike] == [copies[0].uri, copies[2].uri]


def test_a_new_article_is_told_of_and_shown_when_asked_for(browser: Browser, newsroom: Newsroom) -> None:
    browser.open("/?q=walrus")
    assert browser.text("#nothing").startswith("Nothing was found")
    walrus = enriched(
        "urn:newswire:test:walrus", headline="Walrus seen in Tartu", versionCreated="2025-04-01T10:00:00Z"
    )
    other = enriched("urn:newswire:test:other", headline="No such animal")
    with newsroom.with_articles(walrus, other):
        button = browser.wait(lambda: browser.all("#live button"), what="the button")[0]
        assert button.text == "1 new or changed article"
        assert browser.uris() == []  # nothing jumps
        button.click()
        browser.wait(lambda: browser.uris() == [walrus.uri], what="the new article")
        assert not browser.all("#live button")


def test_elasticsearch_away_is_said_and_the_page_comes_back(browser: Browser, newsroom: Newsroom) -> None:
    newsroom.away = True
    browser.open("/?q=storm", away=True)
    assert "does not answer" in browser.wait(lambda: browser.text("#notice"), what="the notice")
    assert browser.one("#notice").get_attribute("role") == "alert"
    newsroom.away = False
    browser.wait(lambda: browser.uris(), what="the list by itself")
    browser.wait(lambda: not browser.one("#notice").is_displayed(), what="no notice")
    newsroom.away = True  # while somebody reads
    browser.wait(lambda: browser.one("#notice").is_displayed(), what="the notice again")
    assert browser.uris()
    newsroom.away = False
    browser.wait(lambda: not browser.one("#notice").is_displayed(), what="no notice again")


def test_a_query_that_cannot_be_read_says_why(browser: Browser) -> None:
    browser.open()
    browser.one("#q").send_keys("*storm", Keys.ENTER)
    said = browser.wait(lambda: browser.text("#q-error"), what="what is wrong")
    assert "a word cannot begin with * or ?" in said
    assert "kyi*" in said
    assert browser.uris() == []
    browser.one("#q").clear()
    browser.one("#q").send_keys("storm", Keys.ENTER)
    browser.wait(lambda: browser.uris(), what="the list")
    assert browser.text("#q-error") == ""


def test_killed_withheld_and_embargoed_stories_are_nowhere(browser: Browser, newsroom: Newsroom, get: Any) -> None:
    word = "quokka"
    hidden = [
        enriched("urn:newswire:test:killed", headline=word, pubStatus="canceled"),
        enriched("urn:newswire:test:withheld", headline=word, pubStatus="withheld"),
        enriched("urn:newswire:test:embargoed", headline=word, embargoed="2999-01-01T00:00:00Z"),
    ]
    _, _, before = get("/api/search?q=quokka")
    with newsroom.with_articles(*hidden):
        browser.open(f"/?q={word}")
        assert browser.uris() == []
        _, _, answer = get(f"/api/arrivals?{urlencode({'cursor': json.loads(before)['cursor']})}")
        assert not {article.uri for article in hidden} & set(json.loads(answer)["uris"])
        for article in hidden:
            browser.open(f"/article?{urlencode({'uri': article.uri})}")
            assert browser.text("#story-title") == "There is no such article."
            status, _, body = get(f"/api/article?{urlencode({'uri': article.uri})}")
            assert status == 404
            assert word.encode() not in body
        for counts in ("/api/counts?map=1&timeline=published", "/api/counts?map=1&timeline=about"):
            _, _, body = get(counts)
            assert b"Baltic Ferry Union" not in body
