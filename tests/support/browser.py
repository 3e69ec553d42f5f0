"""The real Chromium, without a window, driven by selenium; nothing is downloaded and nothing is kept."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DRIVER = shutil.which("chromedriver")
GUARD = 90.0  # seconds: against hanging, not a measurement
MISSING = "no Chromium with its chromedriver on this machine (Debian: apt-get install chromium chromium-driver)"

_OPTIONS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1400,1000",
)  # fmt: skip


class Browser:
    """A browser at one page; `address` is where the page is served."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver
        self.address = ""

    def view(self, *, width: int = 1400, height: int = 1000, dark: bool = False, still: bool = False) -> None:
        """The size of the window, and what the reader prefers."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500},
        )
        features = [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"},
        ]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def open(self, path: str = "/", *, away: bool = False) -> None:
        """Load an address anew, and wait for what it shows: that nobody answers, only where that is expected."""
        self.driver.get(self.address.rstrip("/") + path)
        self.settled(away=away)

    def settled(self, *, away: bool = False) -> None:
        """Wait until hits and counts, or the article of the address, are there."""
        self.wait(
            lambda: self.script(
                """
                const shown = (id) => !document.getElementById(id).hidden;
                const of = (id) => document.getElementById(id).dataset.of === location.search;
                if (shown("login")) return true;
                if (shown("notice")) return arguments[0]; // else the page asks again by itself
                if (shown("article")) return of("article");
                if (document.getElementById("q-error").textContent) return true;
                return of("timeline") && !document.getElementById("results").hasAttribute("aria-busy");
                """,
                away,
            ),
            what="a page that has settled",
        )

    def script(self, code: str, *arguments: Any) -> Any:
        """What a script in the page returns."""
        return self.driver.execute_script(code, *arguments)

    def all(self, selector: str) -> list[WebElement]:
        """The elements that a CSS selector finds."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        """The first of them."""
        found = self.all(selector)
        assert found, f"nothing at {selector}: {self.text('body')[:2000]}"
        return found[0]

    def text(self, selector: str) -> str:
        """The text of the first of them, as it is in the document."""
        return str(self.script("return document.querySelector(arguments[0])?.textContent ?? ''", selector))

    def click(self, selector: str) -> None:
        """Click where the reader would, and wait for what it does."""
        element = self.one(selector)
        self.script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
        element.click()
        self.settled()

    def keys(self, *keys: str) -> None:
        """Type to whatever has the focus."""
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def uris(self) -> list[str]:
        """The articles of the list, in its order."""
        found: list[str] = self.script(
            "return [...document.querySelectorAll('#results > li')].map((e) => e.dataset.uri)"
        )
        return found

    @property
    def location(self) -> str:
        """Path and parameters of the address."""
        return str(self.script("return location.pathname + location.search"))

    def wait(self, condition: Callable[[], Any], *, what: str, timeout: float = GUARD) -> Any:
        """Wait until it is true; a failure says what was waited for."""
        end = time.monotonic() + timeout
        while True:
            try:
                answer = condition()
            except (StaleElementReferenceException, WebDriverException):
                answer = None
            if answer:
                return answer
            assert time.monotonic() < end, (
                f"waited {timeout:.0f} s for {what}: {self.location}\n{self.text('body')[:1500]}"
            )
            time.sleep(0.05)

    def complaints(self) -> list[str]:
        """What the browser's console has against the page since it was last asked."""
        return [str(entry["message"]) for entry in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium with a new profile, ended and forgotten afterwards."""
    assert CHROMIUM, MISSING
    assert DRIVER, MISSING
    profile = Path(tempfile.mkdtemp(prefix="newswire-chromium-"))
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for option in (*_OPTIONS, f"--user-data-dir={profile}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    driver.set_script_timeout(GUARD)
    try:
        yield Browser(driver)
    finally:
        driver.quit()
        shutil.rmtree(profile, ignore_errors=True)


__all__ = ["CHROMIUM", "DRIVER", "MISSING", "Browser", "Keys", "browser"]
