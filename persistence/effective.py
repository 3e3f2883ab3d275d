"""What holds for a session, setting by setting, as expressions in SQL.

`domain.policy.policy_of` says it: the session's decision before its course's, then what holds at the studio.
"""

from typing import Any

import sqlalchemy as sa

from domain.policy import Off, Policy

Choices = sa.ColumnElement[Any]


def limit(name: str, studio: Policy, *levels: Choices) -> sa.ColumnElement[Any]:
    """A whole number; null where there is no limit. `levels`: the choices of the session, then those of its course."""
    otherwise = getattr(studio, name)
    return sa.case(
        *((_decided(choices, name), _number(choices, name)) for choices in levels),
        else_=sa.literal(None if isinstance(otherwise, Off) else otherwise, sa.BigInteger),
    )


def flag(name: str, studio: Policy, *levels: Choices) -> sa.ColumnElement[Any]:
    """True or false."""
    return sa.case(
        *((_decided(choices, name), sa.type_coerce(choices, sa.JSON)[name].as_boolean()) for choices in levels),
        else_=sa.literal(getattr(studio, name), sa.Boolean),
    )


def _decided(choices: Choices, name: str) -> sa.ColumnElement[bool]:
    return sa.type_coerce(choices, sa.JSON)[name].as_string().is_not(None)


def _number(choices: Choices, name: str) -> sa.ColumnElement[Any]:
    # `{"off": true}` is no number, and PostgreSQL would fail to make one of it.
    json = sa.type_coerce(choices, sa.JSON)
    return sa.case((json[(name, "off")].as_string().is_(None), sa.cast(json[name].as_string(), sa.BigInteger)))
