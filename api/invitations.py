"""The codes of invitations: the id of an invitation, signed. Whoever was not given one cannot make one up.

Nothing of them is kept: an invitation always has the same code, and its row says whether it can still be accepted.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import jwt

_ALGORITHM = "HS256"
_NAME = "encore"
_AUDIENCE = "encore-invitation"  # no access token is a code, and no code is one
_MAX_LENGTH = 2_000

# The library's types name those of an optional package for other algorithms, which is not installed.
_encode = cast(Callable[..., str], jwt.encode)  # pyright: ignore[reportUnknownMemberType]
_decode = cast(Callable[..., dict[str, Any]], jwt.decode)  # pyright: ignore[reportUnknownMemberType]


@dataclass(frozen=True)
class InvitationCodes:
    """Makes and reads codes. `key` has at least 32 bytes; another key makes other codes, for the same invitations."""

    key: bytes = field(repr=False)

    def code(self, invitation: str) -> str:
        """The code of the invitation with this id."""
        return _encode({"sub": invitation, "iss": _NAME, "aud": _AUDIENCE}, self.key, _ALGORITHM)

    def read(self, code: str) -> str | None:
        """The id of the invitation; None for what is no code of ours."""
        if len(code) > _MAX_LENGTH:
            return None
        try:
            claims = _decode(
                code,
                self.key,
                algorithms=[_ALGORITHM],
                issuer=_NAME,
                audience=_AUDIENCE,
                options={"require": ["sub", "iss", "aud"], "strict_aud": True},
            )
        except (jwt.InvalidTokenError, ValueError):
            return None
        invitation: str = claims["sub"]
        return invitation if self.code(invitation) == code else None
