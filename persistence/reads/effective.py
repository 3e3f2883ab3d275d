"""What holds for a session, its own word before its course's, as expressions in SQL on a row of `SESSIONS`.

`domain.nouns.session.ScheduledSession` and, for settings, `domain.nouns.policy.policy_of` say it.
"""

from typing import Any

import sqlalchemy as sa

from domain.nouns.policy import Off, Policy
from persistence import tables as t

SESSIONS = t.sessions.outerjoin(
    t.courses, sa.and_(t.courses.c.studio_id == t.sessions.c.studio_id, t.courses.c.id == t.sessions.c.course_id)
)
"""Sessions, each with its course; with nulls in its place for a one-time class."""

ACCEPTS_MAKE_UPS = sa.func.coalesce(t.sessions.c.accepts_make_ups, t.courses.c.accepts_make_ups)
PRICE = sa.func.coalesce(t.sessions.c.price, t.courses.c.single_session_price)
CATEGORY = sa.func.coalesce(t.sessions.c.category, t.courses.c.category)

_LEVELS = t.sessions.c.choices, t.courses.c.choices

Choices = sa.ColumnElement[Any]


def limit(name: str, studio: Policy) -> sa.ColumnElement[Any]:
    """A whole number; null where there is no limit."""
    otherwise = getattr(studio, name)
    return sa.case(
        *((_decided(choices, name), _number(choices, name)) for choices in _LEVELS),
        else_=sa.literal(None if isinstance(otherwise, Off) else otherwise, sa.BigInteger),
    )


def flag(name: str, studio: Policy) -> sa.ColumnElement[Any]:
    """True or false."""
    return sa.case(
        *((_decided(choices, name), sa.type_coerce(choices, sa.JSON)[name].as_boolean()) for choices in _LEVELS),
        else_=sa.literal(getattr(studio, name), sa.Boolean),
    )


def _decided(choices: Choices, name: str) -> sa.ColumnElement[bool]:
    return sa.type_coerce(choices, sa.JSON)[name].as_string().is_not(None)


def _number(choices: Choices, name: str) -> sa.ColumnElement[Any]:
    # `{"off": true}` is no number, and PostgreSQL would fail to make one of it.
    json = sa.type_coerce(choices, sa.JSON)
    return sa.case((json[(name, "off")].as_string().is_(None), sa.cast(json[name].as_string(), sa.BigInteger)))
