"""GraphQL errors as clients see them: faults with their code, bugs masked, and never more than a few."""

import logging
import re
from collections.abc import Iterator, Sequence
from typing import Any

from graphql import GraphQLError
from strawberry.types import ExecutionResult

from domain.faults import Fault, FaultCode

MAX_ERRORS = 5
_MAX_MESSAGE = 500
# Names in GraphQL have no question mark, so the first one ends the suggestion.
_SUGGESTION = re.compile(r" Did you mean [^?]*\?")
# Of an input object that lacks something, graphql-core quotes all the rest, passwords included.
_QUOTED_OBJECT = re.compile(r",? [Ff]ound: \{.*\}\.$", re.DOTALL)
_COERCION = "graphql.execution.values"

_log = logging.getLogger(__name__)


def answer_of(result: ExecutionResult, request_id: str, *, suggestions: bool = False) -> dict[str, Any]:
    """The GraphQL response to an operation. It has no `data` when the operation never began to run."""
    errors = result.errors or []
    answer: dict[str, Any] = {}
    if errors:
        answer["errors"] = describe_all(errors, request_id, suggestions=suggestions)
    if not errors or result.data is not None or any(error.path for error in errors):
        answer["data"] = result.data
    if result.extensions:
        answer["extensions"] = result.extensions
    return answer


def describe_all(errors: Sequence[GraphQLError], request_id: str, *, suggestions: bool = False) -> list[dict[str, Any]]:
    """The first `MAX_ERRORS` errors, as clients see them. Bugs among all of them are logged."""
    bugs = [error for error in errors if _is_bug(error)]
    for bug in bugs[:MAX_ERRORS]:
        log_bug(_root(bug), request_id)
    if len(bugs) > MAX_ERRORS:
        _log.error("%d more unexpected errors in request %s", len(bugs) - MAX_ERRORS, request_id)
    return [_describe(error, request_id, suggestions=suggestions) for error in errors[:MAX_ERRORS]]


def unexpected(request_id: str) -> dict[str, Any]:
    """What a client learns about a bug: that there is one, and the id by which the log knows it."""
    return {
        "message": "Unexpected error.",
        "extensions": {"code": FaultCode.INTERNAL.value, "requestId": request_id},
    }


def log_bug(error: BaseException, request_id: str) -> None:
    """Logs a bug with its traceback. Nothing of it may reach the client."""
    _log.error("Unexpected error in request %s", request_id, exc_info=error)


def _describe(error: GraphQLError, request_id: str, *, suggestions: bool) -> dict[str, Any]:
    fault = _fault(error)
    if fault is not None:
        # Of a value that could not be read, graphql-core's message says where it stood; the fault does not.
        message = _tidied(error.message) if _is_coercion(error) else fault.message
        described = _with_code(message, fault.code)
        if fault.path:
            described["extensions"]["input"] = list(fault.path)
    elif _is_bug(error):
        described = unexpected(request_id)
    else:
        described = _with_code(_tidied(error.message, suggestions=suggestions), FaultCode.BAD_USER_INPUT)
    if error.locations:
        described["locations"] = [location.formatted for location in error.locations]
    if error.path:
        described["path"] = error.path
    return described


def _tidied(message: str, *, suggestions: bool = False) -> str:
    if not suggestions:
        message = _SUGGESTION.sub("", message)
    message, quotes = _QUOTED_OBJECT.subn("", message)
    return f"{message}." if quotes and not message.endswith((".", "?")) else message


def _with_code(message: str, code: FaultCode) -> dict[str, Any]:
    if len(message) > _MAX_MESSAGE:
        message = message[: _MAX_MESSAGE - 1] + "…"
    return {"message": message, "extensions": {"code": code.value}}


def _causes(error: GraphQLError) -> Iterator[Exception]:
    cause: Exception | None = error
    while cause is not None:
        yield cause
        cause = cause.original_error if isinstance(cause, GraphQLError) else None


def _root(error: GraphQLError) -> Exception:
    return list(_causes(error))[-1]


def _fault(error: GraphQLError) -> Fault | None:
    root = _root(error)
    return root if isinstance(root, Fault) else None


def _is_bug(error: GraphQLError) -> bool:
    root = _root(error)
    if isinstance(root, Fault) or _is_coercion(error):
        return False
    # Before execution, graphql-core's own errors speak about the document: they are the client's. During
    # execution they speak about what our resolvers returned: they are ours.
    return error.path is not None or not isinstance(root, GraphQLError)


def _is_coercion(error: GraphQLError) -> bool:
    """Whether a value in the request could not be read; its cause may then be any exception of a scalar's.

    Before execution such an error points at a place in the document, and other errors with a foreign cause do
    not. During execution it looks just like one of a resolver's, save for where it was raised.
    """
    if error.path is None:
        return error.nodes is not None
    if not isinstance(error.original_error, GraphQLError):
        return False
    trace = error.original_error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_globals.get("__name__") == _COERCION:
            return True
        trace = trace.tb_next
    return False
