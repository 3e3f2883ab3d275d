"""Every code with which the API can refuse is produced by a test here; the others belong to what is not built yet."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from domain.refusals import RefusalCode
from tests.schema import test_acts_booking as booking
from tests.schema import test_acts_cancelling as cancelling
from tests.schema import test_acts_managing as managing
from tests.schema import test_acts_spending as spending

PRODUCED_BY: dict[str, Callable[..., Any]] = {
    "ACCOUNT_REQUIRED": spending.test_r2_a_guest_spends_nothing_until_an_account_is_linked,
    "SESSION_NOT_ACCEPTING_MAKE_UPS": spending.test_r3_the_session_decides_over_its_course_whether_credits_are_taken,
    "COURSE_NOT_SOLD_PER_SESSION": booking.test_b1_the_rules_of_an_ordinary_seat,
    "COURSE_NOT_SOLD_AS_WHOLE": booking.test_b2_a_course_sold_only_by_the_session_takes_nobody,
    "SESSION_STARTED": spending.test_r5_a_started_session_takes_no_credit,
    "TOO_FAR_AHEAD": spending.test_v3_a_session_too_far_ahead_can_be_booked_from_the_instant_that_is_told,
    "SESSION_FULL": booking.test_b2_every_full_session_is_named_and_the_client_is_enrolled_except_in_those,
    "ALREADY_BOOKED": spending.test_r7_nobody_has_two_seats_in_one_session,
    "ALREADY_ENROLLED": booking.test_b2_nobody_is_enrolled_twice,
    "NO_SESSIONS_LEFT": booking.test_b2_a_course_without_a_session_left_takes_nobody,
    "SAME_SESSION": spending.test_r7_a_credit_does_not_buy_back_the_session_that_earned_it,
    "NO_ELIGIBLE_CREDIT": spending.test_r10_without_a_credit_the_reasons_of_the_session_are_told_too,
    "CREDIT_EXPIRED": spending.test_r1_every_rule_that_fails_is_told_in_the_order_of_the_rules,
    "CREDIT_USED": spending.test_r8_a_spent_credit_is_told_with_its_state,
    "CREDIT_OF_OTHER_CLIENT": spending.test_r8_a_siblings_credit_is_the_siblings,
    "PAID_WITH_CREDIT": booking.test_e13_a_booking_paid_with_a_credit_is_always_paid,
    "LATE_CANCELLATION_BLOCKED": (
        cancelling.test_e4_a_blocked_late_cancellation_is_refused_to_clients_and_open_to_staff
    ),
    "OUTCOME_CHANGED": cancelling.test_p1_what_has_changed_since_is_refused_and_burns_nothing,
    "SLUG_TAKEN": managing.test_a_slug_belongs_to_one_studio,
    "EMAIL_TAKEN": managing.test_an_email_belongs_to_one_account_whatever_its_case,
    "ALREADY_STAFF": managing.test_an_account_has_one_role_at_a_studio,
    "EXPIRY_IN_PAST": managing.test_e8_an_expiry_before_today_in_the_studios_zone_is_refused,
    "INVALID_POLICY": managing.test_a_wrong_setting_is_refused_and_changes_nothing,
}
NOT_REACHED_YET = {
    "SESSION_CANCELLED": "studios cannot cancel a session yet",
    "CREDIT_HELD": "there is no waiting list yet",
    "CREDIT_REVOKED": "staff cannot revoke a credit yet",
    "CREDIT_FORFEITED": "credits always come back yet",
    "CREDIT_UNDONE": "a cancellation cannot be undone yet",
}


def test_every_code_is_produced_by_a_test_or_belongs_to_what_is_not_built_yet() -> None:
    assert set(PRODUCED_BY) | set(NOT_REACHED_YET) == {code.value for code in RefusalCode}
    assert not set(PRODUCED_BY) & set(NOT_REACHED_YET)


@pytest.mark.parametrize("code", PRODUCED_BY)
def test_the_test_of_a_code_compares_the_refusal_with_it(code: str) -> None:
    source = inspect.getsource(PRODUCED_BY[code])
    assert f'"{code}"' in source
    assert "codes(" in source or "spend(" in source
