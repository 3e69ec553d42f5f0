"""Which sender tells to which target."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import platformdirs

from pipeline.alerts.feed import group
from pipeline.alerts.model import Target, Telling
from pipeline.alerts.targets import Sender, Terminal, Topic, Webhook
from pipeline.settings import Settings


class Senders:
    """Makes the senders of this machine's settings; `show` prints to the terminal."""

    def __init__(self, settings: Settings, show: Callable[[Telling], None]) -> None:
        self._settings = settings
        self._show = show

    def make(self, target: Target) -> Sender:
        """A sender to a target; it connects when it first sends."""
        alerts = self._settings.alerts
        if target.kind == "topic":
            return Topic(self._settings, target.address)
        if target.kind == "webhook":
            secret = alerts.webhook_secret.get_secret_value()
            return Webhook(target.address, secret=secret, timeout=alerts.webhook_timeout)
        return Terminal(self._show, journal(self._settings))


def journal(settings: Settings) -> Path:
    """The file of what was printed on this machine."""
    folder = (
        Path(settings.alerts.state_dir) if settings.alerts.state_dir else platformdirs.user_state_path("newswire")
    )
    return folder / f"{group(settings)}.printed"
