"""Requests that are refused before there is a GraphQL operation to run."""

from collections.abc import Mapping

from domain.faults import FaultCode


class RequestRefused(Exception):
    """Answered with the HTTP status, the headers, and a GraphQL error of this message and code."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: FaultCode = FaultCode.BAD_USER_INPUT,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.headers = dict(headers or {})
