"""Access tokens: signed, short-lived, carrying nothing but the account's id."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import jwt

_ALGORITHM = "HS256"
_NAME = "encore"
_MAX_LENGTH = 2_000

# The library's types name those of an optional package for other algorithms, which is not installed.
_encode = cast(Callable[..., str], jwt.encode)  # pyright: ignore[reportUnknownMemberType]
_decode = cast(Callable[..., dict[str, Any]], jwt.decode)  # pyright: ignore[reportUnknownMemberType]


class InvalidToken(Exception):
    """The token is not one of ours, or no longer valid. It never says which: the bearer need not know."""


@dataclass(frozen=True)
class AccessToken:
    """`text` goes into `Authorization: Bearer`; `expires_at` is UTC, in whole seconds of the real clock."""

    text: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True)
class Tokens:
    """Issues and reads access tokens. `key` has at least 32 bytes; `lifetime` counts on the real clock, always."""

    key: bytes = field(repr=False)
    lifetime: timedelta

    def issue(self, account_id: UUID, real_now: datetime) -> AccessToken:
        """A token for the account, valid from `real_now`: the real clock's instant, also in time travel."""
        issued_at = real_now.replace(microsecond=0)
        expires_at = issued_at + self.lifetime
        claims: dict[str, Any] = {
            "sub": str(account_id),
            "iat": issued_at,
            "exp": expires_at,
            "iss": _NAME,
            "aud": _NAME,
        }
        return AccessToken(_encode(claims, self.key, _ALGORITHM), expires_at)

    def read(self, token: str) -> UUID:
        """The id of the account that the token was issued to. Raises `InvalidToken`."""
        if len(token) > _MAX_LENGTH:
            raise InvalidToken
        try:
            claims = _decode(
                token,
                self.key,
                algorithms=[_ALGORITHM],
                issuer=_NAME,
                audience=_NAME,
                # `iat` guards nothing, and another machine's clock may be a little ahead of ours.
                options={
                    "require": ["sub", "iat", "exp", "iss", "aud"],
                    "verify_iat": False,
                    "strict_aud": True,
                },
            )
            return UUID(claims["sub"])
        except (jwt.InvalidTokenError, ValueError) as error:
            raise InvalidToken from error
