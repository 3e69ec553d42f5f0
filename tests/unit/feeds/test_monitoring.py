"""Programs that push for long serve metrics like a worker, or run without."""

from __future__ import annotations

import logging
import re
import urllib.request

import pytest

from pipeline.feeds.monitoring import monitored
from pipeline.metrics import OFF
from pipeline.settings import Metrics, Settings


def test_what_is_pushed_is_served_until_the_program_ends(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with monitored(Settings(metrics=Metrics(port=0)), program="newswire feed") as instruments:
        found = re.search(r"newswire feed: metrics at (http://\S+)", caplog.text)
        assert found
        instruments.add("newswire_push_articles_total", 3, outcome="acknowledged")
        text = urllib.request.urlopen(f"{found[1]}/metrics", timeout=30).read().decode()
        assert 'newswire_push_articles_total{outcome="acknowledged"} 3.0' in text
        assert urllib.request.urlopen(f"{found[1]}/live", timeout=30).status == 200
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"{found[1]}/live", timeout=30)


def test_without_a_port_or_switched_off_the_program_runs_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    for section in (Metrics(enabled=False), Metrics(host="192.0.2.1")):
        with monitored(Settings(metrics=section), program="newswire feed") as instruments:
            assert instruments is OFF
    assert "no metrics: cannot listen on 192.0.2.1" in caplog.text
