"""What the rule book says of waiting for a seat (W1), leaving, and claiming what is on offer (W2)."""

from datetime import datetime
from uuid import UUID

from domain.faults import FaultCode
from domain.nouns.credit import CreditState
from domain.nouns.waitlist import WaitlistState
from domain.refusals import RefusalCode
from tests.machine.queueing_oracle import QueueingOracle
from tests.machine.rows import DONE, Credit, Entry, Faulty, Says, refused

ABOUT_SEATS = {RefusalCode.SESSION_FULL, RefusalCode.MAKE_UP_SEATS_FULL}


class WaitingOracle(QueueingOracle):
    def join(
        self,
        account: UUID,
        now: datetime,
        session: UUID,
        client: UUID | None,
        with_credit: bool,
        credit_id: UUID | None = None,
    ) -> Says:
        """W1: for money, or with the credit that is named, or with the best."""
        named = None
        if with_credit:
            client, named = self.client_and_credit(account, client, credit_id)
        else:
            client = self.client_meant(account, client)
        self.need_session(session)
        credit, codes = self.outlook(now, session, client, with_credit, named)
        if codes:
            return refused(*codes)
        self.kept[session] = self.on_offer(session)  # what nobody was left to wait for has been anyone's since
        self.entries.append(Entry(None, session, client, credit, now))
        if credit is not None:
            self.hold(credit, now, session)
        return DONE

    def outlook(
        self, now: datetime, session: UUID, client: UUID, with_credit: bool, named: Credit | None
    ) -> tuple[Credit | None, set[RefusalCode]]:
        """What stands against joining: W1, SESSION_FULL is among the reasons, and all the others are about seats."""
        credit = named
        if with_credit:
            codes = self.against_make_up(now, session, client)
            credit = named or self.best_to_hold(now, session, client)
            if credit is None:
                codes.add(RefusalCode.NO_ELIGIBLE_CREDIT)
            else:
                codes |= self.against_holding(credit, now, session, client)
                if self.in_grace(credit, now):
                    codes.add(RefusalCode.CREDIT_IN_GRACE)
        else:
            codes = self.against_any_seat(now, session, client)
            if self.full(now, session, client):
                codes.add(RefusalCode.SESSION_FULL)
        if any(entry.client == client for entry in self.queue(session)):
            codes.add(RefusalCode.ALREADY_WAITING)
        if codes - ABOUT_SEATS:
            return credit, codes - ABOUT_SEATS
        if RefusalCode.SESSION_FULL in codes:
            return credit, set()
        return credit, codes or {RefusalCode.SEAT_AVAILABLE}

    def waits_for(self, credit: Credit, client: UUID) -> bool:
        """Fine print of R8: by two clients at once it cannot be held."""
        return credit.held_until is not None and all(place.client == client for place in self.places(credit))

    def against_holding(self, credit: Credit, now: datetime, session: UUID, client: UUID) -> set[RefusalCode]:
        """Its expiry is asked as of this joining, also where it waits for them elsewhere."""
        codes = self.against_credit(credit, now, session, client)
        if self.waits_for(credit, client):
            codes.discard(RefusalCode.CREDIT_HELD)
            if credit.own_end is not None and not now < credit.own_end:
                codes.add(RefusalCode.CREDIT_EXPIRED)
        return codes

    def best_to_hold(self, now: datetime, session: UUID, client: UUID) -> Credit | None:
        """R10 among those that wait nowhere, then among those that wait for them."""
        could = [credit for credit in self.credits if not self.in_grace(credit, now)]
        could = [credit for credit in could if not self.against_holding(credit, now, session, client)]
        free = [credit for credit in could if credit.state(now) is CreditState.ACTIVE]
        return self.first_to_spend(free, client) or self.first_to_spend(could, client)

    def leave(self, account: UUID, now: datetime, entry_id: UUID) -> Says:
        entry = self.entry_seen(account, entry_id)
        if entry.state is WaitlistState.LEFT:
            return DONE
        if not entry.live:
            return refused(RefusalCode.NOT_WAITING)
        self.end_place(entry, WaitlistState.LEFT, now)
        return DONE

    def claim(self, account: UUID, now: datetime, entry_id: UUID) -> Says:
        """W2: anyone in the queue, by the ordinary decision; what nobody keeps for them, in their order."""
        entry = self.entry_seen(account, entry_id)
        if not entry.live:
            return refused(RefusalCode.NOT_WAITING)
        codes, offers = self.against_seating(now, entry), self.on_offer(entry.session)
        if offers == 0:
            full = RefusalCode.SESSION_FULL in codes or self.others_come_first(now, entry.session, entry.client)
            codes = codes - {RefusalCode.SESSION_FULL} | ({RefusalCode.OFFER_GONE} if full else set())
        if codes:
            return refused(*codes)
        if offers:
            self.kept[entry.session] = offers - 1
        self.take(entry, now)
        return DONE

    def entry_seen(self, account: UUID, entry_id: UUID) -> Entry:
        entry = next((each for each in self.entries if each.id == entry_id), None)
        if entry is None or not self.sees_client(account, entry.client):
            raise Faulty(FaultCode.NOT_FOUND)
        return entry
