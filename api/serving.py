"""Serving an application until a signal ends it."""

import signal
import socket
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp

_GRACE_SECONDS = 10


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections from now on; they wait until `serve` answers them. Raises `OSError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)


def address_of(listener: socket.socket, host: str) -> str:
    """The URL of the listener, without a slash at its end."""
    port = listener.getsockname()[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(app: ASGIApp, listener: socket.socket) -> None:
    """Serves until SIGINT or SIGTERM, then finishes what is under way, for `_GRACE_SECONDS` at most, and returns."""
    config = uvicorn.Config(
        app,
        ws="none",
        lifespan="on",
        access_log=False,
        server_header=False,
        log_level="warning",
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    # After a clean end uvicorn raises the signal again, for whoever started it; here that is nobody. The handler
    # makes SIGTERM do what SIGINT does, which also covers the moments before and after uvicorn's own handlers.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
