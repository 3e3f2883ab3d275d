"""Codes of invitations: each of one invitation, and nothing else is one."""

from datetime import timedelta
from uuid import UUID

import jwt
import pytest

from api.invitations import InvitationCodes
from api.tokens import InvalidToken, Tokens
from tests.api.support import ACCOUNT, KEY, REAL_NOW

CODES = InvitationCodes(KEY)
INVITATION, OTHER = "inv_1abc", "inv_1abd"
CLAIMS = {"sub": INVITATION, "iss": "encore", "aud": "encore-invitation"}


def test_a_code_is_always_the_same_and_read_back_as_its_invitation() -> None:
    assert CODES.code(INVITATION) == InvitationCodes(KEY).code(INVITATION)
    assert CODES.read(CODES.code(INVITATION)) == INVITATION
    assert CODES.code(OTHER) != CODES.code(INVITATION)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        INVITATION,
        "a.b.c",
        "é" * 50,
        "x" * 100_000,
        CODES.code(INVITATION) + "=",
        CODES.code(INVITATION)[:-1],
        f"{CODES.code(INVITATION)} ",
        ".".join((*CODES.code(OTHER).split(".")[:2], CODES.code(INVITATION).split(".")[2])),
        InvitationCodes(b"x" * 32).code(INVITATION),
        jwt.encode(CLAIMS, "", "none"),
        jwt.encode({**CLAIMS, "aud": "encore"}, KEY, "HS256"),
        jwt.encode({**CLAIMS, "aud": ["encore-invitation"]}, KEY, "HS256"),
        jwt.encode({**CLAIMS, "iss": "another"}, KEY, "HS256"),
        jwt.encode({**CLAIMS, "extra": 1}, KEY, "HS256"),
        jwt.encode({"iss": "encore", "aud": "encore-invitation"}, KEY, "HS256"),
        Tokens(KEY, timedelta(hours=1)).issue(ACCOUNT, REAL_NOW).text,
    ],
)
def test_whatever_was_not_made_here_is_no_code(text: str) -> None:
    assert CODES.read(text) is None


def test_a_code_signs_nobody_in() -> None:
    with pytest.raises(InvalidToken):
        Tokens(KEY, timedelta(hours=1)).read(InvitationCodes(KEY).code(str(UUID(int=1))))


def test_the_key_is_not_shown() -> None:
    assert "kkk" not in repr(CODES)
