"""The fault-injecting TCP proxy does to real connections what it says."""

from __future__ import annotations

import socket
import socketserver
import threading
import time
from collections.abc import Iterator

import pytest

from tests.support.tcp_proxy import TcpProxy, tcp_proxy


class _Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        while data := self.request.recv(1000):
            self.request.sendall(data)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A broken connection is what these tests are about."""


@pytest.fixture
def proxy() -> Iterator[TcpProxy]:
    with _Server(("127.0.0.1", 0), _Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with tcp_proxy("127.0.0.1", server.server_address[1]) as running:
            yield running
        server.shutdown()


def connect(proxy: TcpProxy) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", proxy.port), timeout=120)
    connection.sendall(b"ping")
    assert connection.recv(4) == b"ping"
    return connection


def is_broken(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True


def test_a_cut_connection_breaks_and_a_new_one_works(proxy: TcpProxy) -> None:
    with connect(proxy) as first:
        proxy.cut()
        assert is_broken(first)
    connect(proxy).close()
    assert proxy.connections == 2


def test_a_half_open_connection_stays_silent_and_a_new_one_works(proxy: TcpProxy) -> None:
    with connect(proxy) as first:
        proxy.half_open()
        first.sendall(b"anybody?")
        first.settimeout(0.3)
        with pytest.raises(TimeoutError):
            first.recv(1)
        connect(proxy).close()


def test_a_delay_holds_every_chunk_back(proxy: TcpProxy) -> None:
    proxy.delay(0.2)
    began = time.monotonic()
    connect(proxy).close()
    assert time.monotonic() - began >= 0.4


def test_refusing_breaks_what_is_open_and_what_comes(proxy: TcpProxy) -> None:
    with connect(proxy) as first:
        proxy.refuse(True)
        assert is_broken(first)
        with pytest.raises((ConnectionError, AssertionError)):
            connect(proxy)
    proxy.refuse(False)
    connect(proxy).close()
