"""Limits on what is read, through a real server."""

import asyncio
from collections.abc import AsyncGenerator

import httpx
import pytest

from tests.api.support import JSON, endpoint, listening, only_error

HEAD = b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="session")
async def server() -> AsyncGenerator[tuple[str, int], None]:
    async with listening(endpoint()) as address:
        yield address


def padded(size: int) -> bytes:
    """A well-formed body of exactly that many bytes."""
    body = b'{"query":"{ __typename } #%s"}'
    return body % (b"x" * (size - len(body) + 2))


async def in_chunks(body: bytes) -> AsyncGenerator[bytes, None]:
    for start in range(0, len(body), 50_000):
        yield body[start : start + 50_000]


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(("size", "status"), [(200_000, 200), (200_001, 413), (1_000_000, 413), (11_000_000, 413)])
async def test_a_body_over_200_kb_is_413(server: tuple[str, int], size: int, status: int, chunked: bool) -> None:
    host, port = server
    body = padded(size)
    assert len(body) == size
    async with httpx.AsyncClient() as http:
        response = await http.post(
            f"http://{host}:{port}/graphql",
            content=in_chunks(body) if chunked else body,
            headers={"Content-Type": JSON},
        )

    assert response.status_code == status
    if status == 413:
        assert only_error(response)["extensions"] == {"code": "BAD_USER_INPUT"}


async def test_a_body_without_end_is_answered_at_the_limit(server: tuple[str, int]) -> None:
    reader, writer = await asyncio.open_connection(*server)
    chunk = b"c8\r\n" + b" " * 200 + b"\r\n"
    writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 1_001)

    status = await reader.readline()

    assert status.split()[1] == b"413"
    writer.close()
    await writer.wait_closed()


async def test_a_declared_length_over_the_limit_is_answered_before_the_body(server: tuple[str, int]) -> None:
    reader, writer = await asyncio.open_connection(*server)
    writer.write(HEAD + b"Content-Length: 200001\r\nExpect: 100-continue\r\n\r\n")

    status = await reader.readline()

    assert status.split()[1] == b"413"
    writer.close()
    await writer.wait_closed()


async def test_a_client_that_hangs_up_half_way_disturbs_nobody(
    server: tuple[str, int], caplog: pytest.LogCaptureFixture
) -> None:
    host, port = server
    _, writer = await asyncio.open_connection(host, port)
    writer.write(HEAD + b'Content-Length: 100\r\n\r\n{"query"')
    await writer.drain()
    writer.close()
    await writer.wait_closed()

    async with httpx.AsyncClient() as http:
        response = await http.post(f"http://{host}:{port}/graphql", json={"query": "{ __typename }"})

    assert response.status_code == 200
    assert not caplog.records
