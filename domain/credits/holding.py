"""What waiting does to a credit (W1): it is held, does not run out meanwhile, and is released with its one grace."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.credits.validity import Expiry, expiring
from domain.nouns.credit import CreditState, MakeUpCredit


def settled(credit: MakeUpCredit, now: datetime) -> MakeUpCredit:
    """The credit as it is once its hold has ended by itself; any other, as it is."""
    if credit.held_until is None or now < credit.held_until:
        return credit
    return _freed(credit, Expiry(credit.expires_at, credit.expires_on))


def own_expiry(credit: MakeUpCredit) -> Expiry:
    """The end of the credit, whatever waiting may add to it."""
    if credit.state is CreditState.HELD:
        return Expiry(credit.own_expires_at, credit.own_expires_on)
    return Expiry(credit.expires_at, credit.expires_on)


def in_grace(credit: MakeUpCredit) -> bool:
    """W1: whether it lives by its one grace: such a credit cannot be held again."""
    return credit.state is not CreditState.HELD and credit.grace_until is not None and _ends_with_its_grace(credit)


def held(credit: MakeUpCredit, until: datetime, grace_hours: int, zone: ZoneInfo) -> MakeUpCredit:
    """W1: waiting until then at the latest. What it was promised when it began to wait stays what it gets."""
    hours = grace_hours if credit.grace_hours is None else credit.grace_hours
    own, grace_until = own_expiry(credit), None if _grace_is_open(credit) else credit.grace_until
    waiting = replace(
        credit,
        state=CreditState.HELD,
        held_until=until,
        own_expires_at=own.at,
        own_expires_on=own.on,
        grace_hours=hours,
        grace_until=grace_until,
    )
    return _ending(waiting, _end_if_released(waiting, until, zone))


def released(credit: MakeUpCredit, now: datetime, zone: ZoneInfo) -> MakeUpCredit:
    """W1: a held credit that waits no longer: where its own end is past, it ends with the grace, once in its life."""
    if credit.state is not CreditState.HELD:
        return credit
    ungraced = replace(credit, grace_until=None if _grace_is_open(credit) else credit.grace_until)
    end = _end_if_released(ungraced, now, zone)
    return _freed(_ending(ungraced, end), end)


def extended(credit: MakeUpCredit, expiry: Expiry, zone: ZoneInfo) -> MakeUpCredit:
    """V6: with another end of its own; what waits goes on waiting."""
    if credit.state is not CreditState.HELD or credit.held_until is None or credit.grace_hours is None:
        return replace(credit, expires_at=expiry.at, expires_on=expiry.on)
    grace_until = None if _grace_is_open(credit) else credit.grace_until
    own = replace(credit, own_expires_at=expiry.at, own_expires_on=expiry.on, grace_until=grace_until)
    return held(own, credit.held_until, credit.grace_hours, zone)


def _grace_is_open(credit: MakeUpCredit) -> bool:
    """Whether its grace has not been given: it had none, or the present hold would give it."""
    waits_for_it = credit.state is CreditState.HELD and own_expiry(credit).at != credit.grace_until
    return credit.grace_until is None or (waits_for_it and _ends_with_its_grace(credit))


def _ends_with_its_grace(credit: MakeUpCredit) -> bool:
    return credit.expires_at == credit.grace_until


def _end_if_released(credit: MakeUpCredit, at: datetime, zone: ZoneInfo) -> Expiry:
    own = own_expiry(credit)
    if own.at is None or at < own.at or credit.grace_until is not None or not credit.grace_hours:
        return own
    return expiring(at + timedelta(hours=credit.grace_hours), zone)


def _ending(credit: MakeUpCredit, expiry: Expiry) -> MakeUpCredit:
    graced = expiry != own_expiry(credit)
    return replace(
        credit,
        expires_at=expiry.at,
        expires_on=expiry.on,
        grace_until=expiry.at if graced else credit.grace_until,
    )


def _freed(credit: MakeUpCredit, expiry: Expiry) -> MakeUpCredit:
    return replace(
        credit,
        state=CreditState.ACTIVE,
        expires_at=expiry.at,
        expires_on=expiry.on,
        held_until=None,
        own_expires_at=None,
        own_expires_on=None,
        grace_hours=None,
    )
