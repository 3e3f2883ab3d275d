"""Who sends a request: nobody, or the account of a bearer token."""

from collections.abc import Sequence
from uuid import UUID

from api.refused import RequestRefused
from api.tokens import InvalidToken, Tokens
from domain.faults import FaultCode


def account_of(authorization: Sequence[str], tokens: Tokens) -> UUID | None:
    """The account that signed in, given all `Authorization` headers; None when there is none.

    Raises `RequestRefused` (401) for anything but one valid token: a client whose token has ended must
    notice, and not go on as an anonymous visitor.
    """
    if not authorization:
        return None
    scheme, _, token = authorization[0].partition(" ")
    if len(authorization) > 1 or scheme.lower() != "bearer" or not token.strip():
        raise _unauthenticated("The Authorization header must have the form: Bearer TOKEN.")
    try:
        return tokens.read(token.strip())
    except InvalidToken:
        raise _unauthenticated("The access token is invalid or has expired; sign in again.") from None


def _unauthenticated(message: str) -> RequestRefused:
    challenge = f'Bearer realm="encore", error="invalid_token", error_description="{message}"'
    return RequestRefused(401, message, code=FaultCode.UNAUTHENTICATED, headers={"WWW-Authenticate": challenge})
