"""How it looks and reads in a real browser: narrow, dark, to a screen reader."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.integration.web.conftest import Newsroom
from tests.integration.web.test_article_page import MAUD
from tests.support.browser import Browser, Keys

pytestmark = pytest.mark.servers

ARTICLE = f"/article?{urlencode({'uri': MAUD})}"
VIEWS = ("/", "/?q=storm&source=Meridian&about=2025-03-03", "/?q=nothingatall", ARTICLE)

# Contrast as WCAG 2.1 defines it, of every text against what lies behind it; transparent colours are mixed.
CONTRAST = """
const mix = (top, below) => top.slice(0, 3).map((c, i) => c * top[3] + below[i] * (1 - top[3])).concat(1);
const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
const parse = (text) => {
  canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255];
};
const linear = (v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
const behind = (element) => {
  const layers = [];
  for (let e = element; e; e = e.parentElement) layers.push(parse(getComputedStyle(e).backgroundColor));
  return layers.reverse().reduce((below, top) => mix(top, below), [255, 255, 255, 1]);
};
const found = [];
for (const element of document.querySelectorAll('body *')) {
  const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  const box = element.getBoundingClientRect();
  if (!own || !box.width || !element.checkVisibility()) continue;
  if (element.closest('svg, noscript, .unseen, .skip, dialog:not([open])')) continue;
  const style = getComputedStyle(element);
  const below = behind(element);
  const [a, b] = [light(mix(parse(style.color), below)), light(below)];
  const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const what = element.tagName + '.' + element.className + ' ' + element.textContent.trim().slice(0, 30);
  found.push([Math.round(contrast * 100) / 100, what]);
}
return found;
"""

NAMELESS = """
const text = (id) => document.getElementById(id)?.textContent ?? '';
const named = (e) => [
  e.getAttribute('aria-label'), e.textContent, ...[...(e.labels ?? [])].map((label) => label.textContent),
  ...(e.getAttribute('aria-labelledby') ?? '').split(' ').map(text),
].some((name) => name?.trim());
const kinds = 'a[href], button, input, select, textarea, summary, [role=slider], [role=img], dialog, fieldset, '
  + 'section, nav, aside, form';
return [...document.querySelectorAll(kinds)].filter((e) => e.checkVisibility() && !named(e)).map((e) => e.outerHTML);
"""


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_contrast_is_enough_for_everybody(browser: Browser, view: str, dark: bool) -> None:
    browser.view(dark=dark, still=True)
    browser.open(view)
    measured: list[Any] = browser.script(CONTRAST)
    assert len(measured) > 15
    assert [one for one in measured if one[0] < 4.5] == []


def test_dark_where_the_reader_prefers_it(browser: Browser) -> None:
    def paper() -> str:
        return str(browser.script("return getComputedStyle(document.body).backgroundColor"))

    browser.open()
    light = paper()
    browser.view(dark=True)
    browser.wait(lambda: paper() != light, what="another paper")
    assert all(int(part) < 60 for part in paper().removeprefix("rgb(").removesuffix(")").split(","))


@pytest.mark.parametrize("view", VIEWS)
def test_a_phone_needs_no_sideways_scrolling(browser: Browser, view: str) -> None:
    browser.view(width=390, height=844)
    browser.open(view)
    if view.startswith("/article"):
        assert browser.one(".margin").is_displayed()
    else:
        for fold in ("#facets-fold", "#map-fold"):
            assert not browser.script("return document.querySelector(arguments[0]).open", fold)
            browser.one(f"{fold} summary").click()
        browser.one("#refine-toggle").click()
    width = "return [document.documentElement.scrollWidth, innerWidth]"
    assert browser.script(width) == [390, 390]
    sticking_out = """
    return [...document.querySelectorAll('body *')]
      .filter((e) => e.checkVisibility() && !e.closest('.unseen, .skip, svg'))
      .filter((e) => e.getBoundingClientRect().right > 391)
      .map((e) => e.outerHTML.slice(0, 90));
    """
    assert browser.script(sticking_out) == []


@pytest.mark.parametrize("view", VIEWS)
def test_everything_has_a_name_and_a_place(browser: Browser, view: str) -> None:
    browser.open(view)
    if not view.startswith("/article"):
        browser.one("#refine-toggle").click()
    assert browser.script(NAMELESS) == []
    landmarks = "return ['header.top', 'main', 'footer.foot', '[role=search]'].map((s) => "
    landmarks += "[...document.querySelectorAll(s)].filter((e) => e.checkVisibility()).length)"
    assert browser.script(landmarks) == [1, 1, 1, 1]
    assert (
        browser.script("return [...document.querySelectorAll('h1')].filter((e) => e.checkVisibility()).length") == 1
    )
    assert browser.script("return document.documentElement.lang") == "en"
    ids: list[str] = browser.script("return [...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))
    levels: list[int] = browser.script(
        """
        const headings = [...document.querySelectorAll('h1, h2, h3')].filter((e) => e.checkVisibility());
        return headings.map((e) => Number(e.tagName[1]));
        """
    )
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for region in ("#summary", "#live"):
        assert browser.one(region).get_attribute("aria-live") == "polite"


def test_the_first_tab_skips_to_the_articles(browser: Browser) -> None:
    browser.open()
    browser.keys(Keys.TAB)
    browser.wait(lambda: browser.script("return document.activeElement.className") == "skip", what="the first stop")
    browser.wait(lambda: browser.one(".skip").rect["y"] >= 0, what="it coming into view")
    browser.keys(Keys.ENTER)
    browser.wait(lambda: browser.script("return document.activeElement.id") == "main", what="the articles")
    assert browser.location == "/"


def test_nothing_moves_for_who_prefers_stillness(browser: Browser) -> None:
    browser.view(still=True)
    browser.open()
    moving = "return document.getAnimations().length"
    browser.script("document.getElementById('progress').hidden = false")
    assert browser.script(moving) == 0
    browser.view(still=False)
    browser.wait(lambda: browser.script(moving) == 1, what="the progress moving for everybody else")


def test_nothing_comes_from_elsewhere(browser: Browser, newsroom: Newsroom) -> None:
    browser.open("/?q=storm")
    loaded: list[str] = browser.script("return performance.getEntriesByType('resource').map((e) => e.name)")
    assert len(loaded) > 10
    assert [name for name in loaded if not name.startswith(newsroom.address)] == []
