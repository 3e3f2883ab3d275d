"""Rows told from events alone. What each column takes is tried on databases, in `tests/doctor`."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from domain import replay
from domain.nouns.client import Client
from domain.nouns.course import Course
from domain.nouns.credit import MakeUpCredit
from domain.nouns.history import EventKind
from domain.nouns.session import Session
from domain.nouns.studio import Staff, Studio
from domain.replay import Told, compared, differences
from domain.replay.plain import names_of, plain
from tests.domain.builders import BOOKING_ID, CLIENT_ID, COURSE_ID, CREDIT_ID, NOW, SESSION_ID, START, uuid

numbers = count(1)
K = EventKind
AN_END = {"expiresAt": START.isoformat(), "expiresOn": "2026-12-13"}


def told(kind: EventKind, data: dict[str, Any] | None = None, **ids: UUID) -> Told:
    blank = dict.fromkeys(("course_id", "session_id", "client_id", "enrolment_id", "booking_id", "credit_id"))
    named: dict[str, Any] = {**blank, **ids}
    return Told(id=uuid(next(numbers)), kind=kind, at=NOW, actor_id=None, data=data or {}, **named)


def of_session(kind: EventKind, data: dict[str, Any] | None = None, **ids: UUID) -> Told:
    return told(kind, data, session_id=SESSION_ID, **ids)


def test_a_history_older_than_what_lines_tell_now_is_told_as_far_as_it_goes() -> None:
    """As the first versions wrote it: nothing that it does not tell is held against a row."""
    began = {"startsAt": plain(START), "capacity": 3}
    paid = of_session(K.SEAT_BOOKED, {"paidWith": "SINGLE", "price": 1}, booking_id=BOOKING_ID, client_id=CLIENT_ID)
    lines = [
        told(K.COURSE_CREATED, course_id=COURSE_ID),
        of_session(K.SESSION_CREATED, began, course_id=COURSE_ID),
        of_session(K.SESSION_POLICY_CHANGED, {"before": {}, "after": {"max_make_ups": 1}}),
        told(K.COURSE_POLICY_CHANGED, {"before": {}, "after": {}}, course_id=COURSE_ID),
        paid,
        told(K.PAYMENT_RECORDED, {"before": "DUE", "after": "PAID"}, booking_id=BOOKING_ID),
        of_session(K.WAITLIST_JOINED, {"entryId": uuid(5).hex}, client_id=CLIENT_ID),
    ]
    credit = [
        told(K.CREDIT_ISSUED, {**AN_END, "origin": "GRANT", "reason": "OTHER", "note": ""}, credit_id=CREDIT_ID),
        told(K.CREDIT_HELD, {**AN_END, "heldUntil": plain(START)}, credit_id=CREDIT_ID),
    ]

    session = replay.sessions(lines)[SESSION_ID]
    assert (session["capacity"], session["taken"], session["choices"]) == (3, 1, {"max_make_ups": 1})
    assert not {"price", "extra_make_up_seats", "ends_at"} & session.keys()
    assert not {"payment", "credit_id"} & replay.bookings(lines)[BOOKING_ID].keys()
    assert "credit_id" not in replay.entries(lines)[uuid(5)]
    assert replay.courses(lines)[COURSE_ID] == {"archived_at": None, "created_at": plain(NOW), "choices": {}}
    waits = replay.credits(credit)[CREDIT_ID]
    assert waits["state"] == "HELD"
    assert not {"worth", "own_expires_at", "grace_hours", "grace_until"} & waits.keys()
    assert (
        replay.credits([*credit, told(K.CREDIT_RELEASED, AN_END, credit_id=CREDIT_ID)])[CREDIT_ID]["state"] == "ACTIVE"
    )
    assert replay.staff([told(K.STAFF_ADDED, {"staffId": uuid(6).hex, "role": "OWNER"})])[uuid(6)]["role"] == "OWNER"


def test_lines_without_a_beginning_tell_of_nothing() -> None:
    lines = [
        of_session(K.BOOKING_CANCELLED, {"status": "CANCELLED"}, booking_id=BOOKING_ID),
        told(K.CREDIT_REVOKED, {"reason": "OTHER", **AN_END}, credit_id=CREDIT_ID),
        told(K.CLIENT_LINKED, {"before": None, "after": uuid(9).hex}, client_id=CLIENT_ID),
        of_session(K.WAITLIST_LEFT, {"entryId": uuid(5).hex}),
    ]

    folds = replay.sessions, replay.bookings, replay.entries, replay.credits, replay.clients, replay.staff
    assert [fold(lines) for fold in folds] == [{}] * len(folds)
    assert replay.studio(lines) is None


def test_r6_the_most_ordinary_bookings_that_ever_were_at_once_are_counted_in_their_order() -> None:
    ids = [uuid(number) for number in (21, 22, 23)]
    booked = [of_session(K.SEAT_BOOKED, {"paidWith": "SINGLE"}, booking_id=key) for key in ids[:2]]
    by_credit = of_session(K.SEAT_BOOKED, {"paidWith": "MAKE_UP"}, booking_id=ids[2])
    gone = [of_session(K.BOOKING_CANCELLED, booking_id=key) for key in ids]
    back = of_session(K.CANCELLATION_UNDONE, booking_id=ids[2])
    began = of_session(K.SESSION_CREATED)

    def counts(*lines: Told) -> tuple[int, int, int]:
        row = replay.sessions([began, *lines])[SESSION_ID]
        return row["taken"], row["make_ups"], row["most_ordinary"]

    assert counts(*booked, by_credit) == (3, 1, 2)
    assert counts(booked[0], gone[0], booked[1], by_credit) == (2, 1, 1)
    assert counts(by_credit, gone[2]) == (0, 0, 0)
    assert counts(by_credit, gone[2], back, booked[0]) == (2, 1, 1)


def test_w2_whoever_changes_a_credit_that_time_has_released_finds_it_active() -> None:
    held = {**AN_END, "heldUntil": plain(NOW), "own": AN_END, "graceHours": 72, "graceUntil": None}
    began = told(K.CREDIT_ISSUED, {**AN_END, "origin": "GRANT"}, credit_id=CREDIT_ID)
    waits = replace(told(K.CREDIT_HELD, held, credit_id=CREDIT_ID), at=NOW - timedelta(hours=1))
    given = told(K.CREDIT_EXTENDED, {**AN_END, "before": AN_END, "graceUntil": None}, credit_id=CREDIT_ID)
    just_before = replace(given, at=NOW - timedelta(microseconds=1))

    def after(line: Told) -> dict[str, Any]:
        return replay.credits([began, waits, line])[CREDIT_ID]

    assert (after(just_before)["state"], after(just_before)["own_expires_on"]) == ("HELD", "2026-12-13")
    assert (after(given)["state"], after(given)["held_until"], after(given)["own_expires_on"]) == ("ACTIVE", None, None)


@pytest.mark.parametrize("noun", [Studio, Staff, Course, Session, Client, MakeUpCredit])
def test_words_that_people_wrote_are_not_compared(noun: type) -> None:
    assert {"name", "display_name", "description", "note"} & {*names_of(noun)}
    assert not {"name", "display_name", "description", "note", "email"} & {*compared(noun)}


def test_a_difference_names_the_noun_the_column_and_both_values() -> None:
    row = {"price": 1, "status": "BOOKED"}

    assert list(differences("booking", 7, {"price": 1}, row)) == []
    assert list(differences("booking", 7, {"price": 2, "status": "BOOKED"}, row)) == [
        "booking 7 has 1 as price, and its events make it 2"
    ]
    assert list(differences("booking", 7, None, row)) == ["booking 7 is here, and no event tells how it began"]
    assert list(differences("booking", 7, {"price": 1}, None)) == ["events tell of booking 7, which is not here"]
