"""A Kafka of its own whose clients reach it through a proxy alone: that is the address which it advertises."""

from __future__ import annotations

from pipeline.local import ports
from pipeline.local.kafka import KafkaServer
from pipeline.local.server import Programs
from pipeline.local.state import State

LISTENER = """
# the listener whose advertised address is that of a proxy; a later line of a properties file wins
listeners=PLAINTEXT://127.0.0.1:{port},PROXIED://127.0.0.1:{inner},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},PROXIED://127.0.0.1:{proxy}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT
"""


class ProxiedKafka(KafkaServer):
    """Its usual address leads past the proxy."""

    _target = 0  # the port to which the proxy leads
    _proxy = 0

    def behind_a_proxy(self) -> int:
        """Choose the port to which the proxy must lead."""
        self._target = ports.choose(avoid=set())
        return self._target

    def advertise(self, proxy: int) -> None:
        """Tell clients, from the next start on, that the broker is at the proxy's port."""
        self._proxy = proxy

    def _prepare(self, programs: Programs, remembered: State) -> State:
        prepared = super()._prepare(programs, remembered)
        extra = LISTENER.format(
            port=prepared.port,
            inner=self._target,
            controller=prepared.inner_port,
            proxy=self._proxy,
        )
        with self._config.open("a", encoding="utf-8") as file:
            file.write(extra)
        return prepared
