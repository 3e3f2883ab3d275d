"""GraphQL over HTTP: one request in, one GraphQL response out, whatever was sent."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson
from graphql import GraphQLError, OperationType
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api import media_types, parameters
from api.documents import chosen_operation, read_document
from api.errors import answer_of, describe_all, log_bug, unexpected
from api.identity import account_of
from api.operations import Caller, Operation, Run
from api.refused import RequestRefused
from api.time_travel import HEADER, instant_of
from api.tokens import Tokens
from domain.faults import FaultCode

# A form or an image on another web site can send a GET, but none of these headers.
_PREFLIGHT_HEADERS = ("graphql-require-preflight", "apollo-require-preflight", "x-requested-with")


def real_now() -> datetime:
    """The real clock, in UTC."""
    return datetime.now(UTC)


class GraphQLEndpoint:
    """The ASGI application behind `/graphql`.

    It answers every request with a GraphQL response in JSON, also those it refuses, and never with HTML.
    `time_travel` allows the header `Encore-Now`; `suggestions` lets errors guess what the client meant.
    """

    def __init__(
        self,
        run: Run,
        tokens: Tokens,
        *,
        time_travel: bool = False,
        suggestions: bool = False,
        clock: Callable[[], datetime] = real_now,
    ) -> None:
        self._run = run
        self._tokens = tokens
        self._time_travel = time_travel
        self._suggestions = suggestions
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        request_id = str(uuid4())
        try:
            response = await self._answer(request, request_id)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001  the last line of defence: whatever it is, it is answered
            log_bug(error, request_id)
            response = _response(500, {"errors": [unexpected(request_id)]}, media_types.JSON)
        response.headers["X-Request-Id"] = request_id
        await response(scope, receive, send)

    async def _answer(self, request: Request, request_id: str) -> Response:
        media_type = media_types.JSON
        try:
            media_type = media_types.answer_type(request.headers.getlist("accept"))
            _require_method(request)
            caller = self._caller(request, request_id)
            operation = await _operation(request)
            result = await self._run(operation, caller)
            answer = answer_of(result, request_id, suggestions=self._suggestions)
        except RequestRefused as refused:
            error = {"message": refused.message, "extensions": {"code": refused.code.value}}
            return _response(refused.status, {"errors": [error]}, media_type, refused.headers)
        except GraphQLError as error:
            answer = {"errors": describe_all([error], request_id, suggestions=self._suggestions)}
        return _response(_status(answer, media_type), answer, media_type)

    def _caller(self, request: Request, request_id: str) -> Caller:
        account_id = account_of(request.headers.getlist("authorization"), self._tokens)
        instant = instant_of(request.headers.getlist(HEADER), allowed=self._time_travel)
        return Caller(account_id, instant or self._clock(), instant is not None, request_id)


def _require_method(request: Request) -> None:
    if request.method not in ("GET", "POST"):
        raise RequestRefused(405, "Use POST, or GET for queries.", headers={"Allow": "GET, POST"})


async def _operation(request: Request) -> Operation:
    """Raises `RequestRefused` for a request that is not well-formed, `GraphQLError` for its document."""
    is_post = request.method == "POST"
    if is_post:
        media_types.require_json(request.headers.getlist("content-type"), request.headers.getlist("content-encoding"))
        given = parameters.from_body(await parameters.read_body(request))
    else:
        _require_preflight(request)
        given = parameters.from_url(request.scope["query_string"])
    document = read_document(given.query)
    kind = chosen_operation(document, given.operation_name).operation
    if kind is OperationType.SUBSCRIPTION:
        raise GraphQLError("Subscriptions are not offered.")
    if kind is OperationType.MUTATION and not is_post:
        raise RequestRefused(405, "Use POST for mutations.", headers={"Allow": "POST"})
    return Operation(given.query, document, given.variables, given.operation_name, mutation_allowed=is_post)


def _require_preflight(request: Request) -> None:
    headers = request.headers
    if any(headers.get(name) for name in _PREFLIGHT_HEADERS) or headers.get("sec-fetch-site") == "same-origin":
        return
    raise RequestRefused(400, "A GET needs the header GraphQL-Require-Preflight: 1, or use POST.")


def _status(answer: Mapping[str, Any], media_type: str) -> int:
    if "data" in answer:
        return 200
    if any(error["extensions"]["code"] == FaultCode.INTERNAL.value for error in answer["errors"]):
        return 500
    # With application/json a client cannot tell our 400 from a proxy's, so that it means "no GraphQL request".
    return 400 if media_type == media_types.GRAPHQL else 200


def _response(
    status: int, answer: Mapping[str, Any], media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    return Response(
        orjson.dumps(answer),
        status,
        headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **(headers or {})},
        media_type=f"{media_type}; charset=utf-8",
    )
