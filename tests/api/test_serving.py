"""A server as a process of its own: it listens, answers, and ends cleanly on a signal."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager

import httpx
import pytest

from api import serving

PROGRAM = """
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from api import serving

listener = serving.listen("127.0.0.1", 0)
print(serving.address_of(listener, "127.0.0.1"), flush=True)
serving.serve(Starlette(routes=[Route("/", PlainTextResponse("here"))]), listener)
print("ended", flush=True)
"""


@contextmanager
def running() -> Generator[tuple[subprocess.Popen[str], str], None, None]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        try:
            assert process.stdout
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_with_0_and_without_a_traceback(sent: signal.Signals) -> None:
    with running() as (process, address):
        answer = httpx.get(address)
        process.send_signal(sent)
        output, errors = process.communicate(timeout=60)

    assert answer.text == "here"
    assert "server" not in answer.headers
    assert (process.returncode, output, errors) == (0, "ended\n", "")


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_open_connection_does_not_hold_the_end_up(sent: signal.Signals) -> None:
    with running() as (process, address), httpx.Client() as http:
        http.get(address)
        process.send_signal(sent)
        process.communicate(timeout=60)

    assert process.returncode == 0


def test_a_port_in_use_is_an_os_error() -> None:
    with serving.listen("127.0.0.1", 0) as listener, pytest.raises(OSError, match="in use"):
        serving.listen("127.0.0.1", listener.getsockname()[1])


def test_a_listener_takes_connections_at_once() -> None:
    with serving.listen("localhost", 0) as listener, socket.create_connection(listener.getsockname()):
        assert re.fullmatch(r"http://localhost:\d+", serving.address_of(listener, "localhost"))
