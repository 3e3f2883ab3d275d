"""The parameters of a GraphQL request, read from a body or from a URL, and nothing taken on trust."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request

from api.refused import RequestRefused

MAX_BYTES = 200_000
"""The most that a body or a query string may have, in bytes."""

_MAX_URL_FIELDS = 50
_MAX_DIGITS = 15
# An odd number of backslashes: an escape. An even number: a backslash, written twice, and then plain text.
_ESCAPED_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u(?:0000|\{0+\})")


@dataclass(frozen=True)
class Parameters:
    """A well-formed GraphQL-over-HTTP request. The `query` may still be no GraphQL at all."""

    query: str
    variables: dict[str, Any] | None
    operation_name: str | None


async def read_body(request: Request) -> bytes:
    """The body, read no further than the limit. Raises `RequestRefused` (413), `ClientDisconnect`."""
    declared = request.headers.get("content-length", "0")
    # The length of the text first: Python takes quadratic time over long numbers, and refuses the longest.
    if len(declared) > _MAX_DIGITS or (declared.isdecimal() and int(declared) > MAX_BYTES):
        raise _too_large()
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BYTES:
            raise _too_large()
    return bytes(body)


def from_body(body: bytes) -> Parameters:
    """The parameters in a JSON body. Raises `RequestRefused` (400)."""
    value = _json(body, "The body")
    if isinstance(value, list):
        raise RequestRefused(400, "Send one operation in each request: batches are not supported.")
    if not isinstance(value, dict):
        raise RequestRefused(400, "The body must be a JSON object.")
    return _checked(cast(dict[str, Any], value))


def from_url(query_string: bytes) -> Parameters:
    """The parameters in a URL's query string. Raises `RequestRefused` (400, 414)."""
    if len(query_string) > MAX_BYTES:
        raise RequestRefused(414, f"The URL must not exceed {MAX_BYTES} bytes; use POST.")
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MAX_URL_FIELDS,
        )
    except ValueError:
        raise RequestRefused(400, "The URL's query string must be form-encoded UTF-8.") from None
    values: dict[str, Any] = {name: value for name, value in pairs if value}
    if len({name for name, _ in pairs}) < len(pairs):
        raise RequestRefused(400, "Each parameter of the URL may be given once only.")
    for name in ("variables", "extensions"):
        if name in values:
            values[name] = _json(values[name], f"The parameter {name}")
    return _checked(values)


def _too_large() -> RequestRefused:
    return RequestRefused(413, f"The body must not exceed {MAX_BYTES} bytes.")


def _json(text: bytes | str, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise RequestRefused(400, f"{what} must be valid JSON in UTF-8.") from None


def _checked(values: Mapping[str, Any]) -> Parameters:
    query = values.get("query")
    name = values.get("operationName")
    variables = values.get("variables")
    if not isinstance(query, str):
        raise RequestRefused(400, "The parameter query is required and must be a string.")
    if not isinstance(name, str | None):
        raise RequestRefused(400, "The parameter operationName must be a string or null.")
    if not isinstance(variables, dict | None):
        raise RequestRefused(400, "The parameter variables must be an object or null.")
    if not isinstance(values.get("extensions"), dict | None):
        raise RequestRefused(400, "The parameter extensions must be an object or null.")
    if "\0" in query or _ESCAPED_NUL.search(query) or _holds_nul(variables):
        raise RequestRefused(400, "The character U+0000 is not supported: no database could store it.")
    return Parameters(query, cast(dict[str, Any] | None, variables), name or None)


def _holds_nul(value: Any) -> bool:
    """Looks without recursion: a body may nest its values a thousand deep."""
    rest = [value]
    while rest:
        one = rest.pop()
        if isinstance(one, str):
            if "\0" in one:
                return True
        elif isinstance(one, dict):
            rest += cast(dict[str, Any], one).keys()
            rest += cast(dict[str, Any], one).values()
        elif isinstance(one, list):
            rest += cast(list[Any], one)
    return False
