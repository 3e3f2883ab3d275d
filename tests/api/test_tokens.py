"""Access tokens: whose they are, and every way in which one can be wrong."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest

from api.http import real_now
from api.tokens import InvalidToken, Tokens
from tests.api.support import ACCOUNT, KEY, TOKENS

HOUR = timedelta(hours=1)


def forged(algorithm: str | None = "HS256", key: Any = KEY, without: str = "", **changes: Any) -> str:
    """A token like one of ours but for the changes."""
    now = real_now()
    claims = {"sub": str(ACCOUNT), "iat": now, "exp": now + HOUR, "iss": "encore", "aud": "encore"} | changes
    claims.pop(without, None)
    return jwt.encode(claims, key, algorithm)


def test_a_token_is_read_back_as_the_account_it_was_issued_to() -> None:
    assert TOKENS.read(TOKENS.issue(ACCOUNT, real_now()).text) == ACCOUNT
    assert TOKENS.read(forged()) == ACCOUNT


def test_a_token_carries_five_claims_and_no_more() -> None:
    claims = jwt.decode(TOKENS.issue(ACCOUNT, real_now()).text, options={"verify_signature": False})

    assert set(claims) == {"sub", "iat", "exp", "iss", "aud"}


def test_a_token_says_when_it_expires() -> None:
    now = real_now()
    token = TOKENS.issue(ACCOUNT, now)
    claims = jwt.decode(token.text, options={"verify_signature": False})

    assert token.expires_at == now.replace(microsecond=0) + HOUR
    assert claims["exp"] == token.expires_at.timestamp()


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(forged(None, None), id="no signature"),
        pytest.param(forged("HS512", b"k" * 64), id="other algorithm"),
        pytest.param(forged(key=b"x" * 32), id="other key"),
        pytest.param(forged(exp=real_now() - timedelta(seconds=1)), id="expired"),
        pytest.param(forged(aud="other"), id="other audience"),
        pytest.param(forged(aud=["encore", "other"]), id="two audiences"),
        pytest.param(forged(iss="other"), id="other issuer"),
        pytest.param(forged(nbf=real_now() + HOUR), id="not yet"),
        pytest.param(forged(sub="not a uuid"), id="no account"),
        *(pytest.param(forged(without=claim), id=f"without {claim}") for claim in ("sub", "iat", "exp", "iss", "aud")),
        pytest.param("", id="empty"),
        pytest.param("a.b.c", id="nonsense"),
        pytest.param(forged()[:-2], id="cut"),
        pytest.param(forged() + "." + forged(), id="two"),
        pytest.param(forged(pad="x" * 3_000), id="too long"),
    ],
)
def test_another_token_is_invalid(token: str) -> None:
    with pytest.raises(InvalidToken):
        TOKENS.read(token)


def test_a_payload_swapped_under_another_s_signature_is_invalid() -> None:
    mine = TOKENS.issue(ACCOUNT, real_now()).text.split(".")
    other = TOKENS.issue(uuid4(), real_now()).text.split(".")

    with pytest.raises(InvalidToken):
        TOKENS.read(".".join([mine[0], other[1], mine[2]]))


def test_a_header_swapped_to_alg_none_is_invalid() -> None:
    mine = TOKENS.issue(ACCOUNT, real_now()).text.split(".")
    unsigned = forged(None, None).split(".")

    for signature in ("", mine[2]):
        with pytest.raises(InvalidToken):
            TOKENS.read(".".join([unsigned[0], mine[1], signature]))


def test_another_process_s_clock_may_be_ahead() -> None:
    assert TOKENS.read(forged(iat=real_now() + timedelta(minutes=1))) == ACCOUNT


def test_neither_the_key_nor_the_token_is_shown_by_repr() -> None:
    token = TOKENS.issue(ACCOUNT, real_now())

    assert token.text not in repr(token)
    assert "kkk" not in repr(Tokens(KEY, HOUR))
