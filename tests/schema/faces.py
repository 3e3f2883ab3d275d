"""The matrix of sight: every field of every type that queries can reach, and its audience.

A new field needs a place in a row here. So does a new way on which the fields of a type have another audience.
"""

from tests.schema.audience import SEES
from tests.schema.face import Face, by_id, face, page
from tests.schema.faces_of_refusals import FACES_OF_REFUSALS
from tests.schema.faces_of_reports import FACES_OF_REPORTS, OF_DATES

ARGUMENTS: dict[str, dict[str, str]] = {
    "Query.node": {"id": "$session"},
    "Query.studio": {"slug": "$slug"},
    "Query.invitation": {"code": "$code"},
    "Query.sessions": {"studioSlug": "$slug", "filter": "{courseId: $course}"},
    "Query.courses": {"studioSlug": "$slug"},
    "Query.makeUpOptions": {"clientId": "$client", "includeIneligible": "true", "filter": "{courseId: $course}"},
    "Studio.sessions": {"filter": "{courseId: $course}"},
    "Studio.auditTrail": {"filter": "{clientId: $client}"},
    "Client.absencePreview": {"from": '"2026-11-01"', "through": '"2027-06-30"'},
    **{f"StudioReports.{field}": {"from": '"2026-11-01"', "through": '"2027-06-30"'} for field in OF_DATES},
    "Course.cancellationPreview": {"compensation": "NONE"},
    "Session.cancellationPreview": {"compensation": "NONE"},
    "Session.bookingEligibility": {"clientId": "$client"},
    "Session.clashes": {"clientId": "$client"},
    "Session.makeUpEligibility": {"clientId": "$client"},
    "Session.swapEligibility": {"bookingId": "$booking"},
    "Session.waitlistEligibility": {"withCredit": "true", "clientId": "$client"},
    "ClientAtSession.waitlistEligibility": {"withCredit": "true"},
}
"""What a field is given; all others go without."""


CANCELLATIONS = by_id("Session", "closed", "started", then=" / cancellationPreview(compensation: NONE)")
PREVIEWS = by_id("Booking", "booking", "late", then=" / cancellationPreview")
ABSENCE = 'node(id: $client) / ... on Client / absencePreview(from: "2026-11-01", through: "2027-06-30")'
TRAIL = "studio(slug: $slug) / auditTrail(first: 100, filter: {%s}) / nodes"
WITH_CLIENT = TRAIL % "clientId: $client"
OVERRIDDEN = TRAIL % "kinds: [BOOKING_CANCELLED]"
JOINED = TRAIL % "kinds: [STAFF_ADDED]"
POLICIES = ("studio(slug: $slug) / policy", "studio(slug: $elsewhere) / policy")
EFFECTIVE_POLICIES = (
    "studio(slug: $slug) / effectivePolicy",
    "studio(slug: $elsewhere) / effectivePolicy",
    *by_id("Course", "course", then=" / effectivePolicy"),
    *by_id("Session", "session", then=" / effectivePolicy"),
)


def setting(type: str, field: str) -> Face:
    """What holds is as public as what was decided."""
    return face(type, *(f"{way} / {field}" for way in EFFECTIVE_POLICIES), public="value level")


FACES = [
    face(
        "Query",
        "",
        public="serverTime node studio sessions courses",
        signed_in="viewer",
        mine="bookings makeUpCredits waitlistEntries",
        about_client="makeUpOptions",
        with_code="invitation",
    ),
    face(
        "Viewer",
        "viewer",
        signed_in="account accountDeletionPreview dataExport",
        my_clients="clients",
    ),
    face("AccountDeletionPreview", "viewer / accountDeletionPreview", alone_in_charge="refusals", somewhere="studios"),
    face(
        "AccountDeletionAtStudio",
        "viewer / accountDeletionPreview / studios",
        somewhere="studio leavesStaff clients waitlistEntries enrolments bookings bookingsThatStay makeUpCredits",
    ),
    face("Account", "viewer / account", signed_in="id email name createdAt"),
    face("Account", *by_id("Account", "account"), holder="id email name createdAt"),
    face(
        "Studio",
        *by_id("Studio", "studio"),
        public="id slug name timeZone currency policy effectivePolicy categories sessions courses",
        staff="myRole",
        managed="clients bookings makeUpCredits waitlistEntries attendanceCorrections",
    ),
    face("Studio", "studio(slug: $slug)", of_staff="staff", managed="reports", owned="invitations auditTrail"),
    face("Studio", *by_id("Studio", "closed_studio"), public="archivedAt"),
    face(
        "StudioPolicy",
        *POLICIES,
        public="makeUpsEnabled cancellationDeadline lateCancellation singleBookingsEarn earningNeedsPayment earnCap"
        " maxOutstanding validity expiryRounding neverBeforeMissedSession expiryMeans redeemableFrom maxDaysAhead"
        " makeUpsOpenDaysBefore makeUpsCloseMinutesBefore priceGuard categoryGuard creditScope onEnrolmentEnd"
        " onMakeUpCancellation studioCancellationGraceDays excusedAbsenceEarns holdReleaseGraceHours"
        " autoSeatHoursBeforeDeadline",
    ),
    face(
        "CancellationDeadline",
        *(f"{way} / cancellationDeadline" for way in POLICIES),
        public="form hoursBefore daysBefore localTime",
    ),
    face("Validity", *(f"{way} / validity" for way in POLICIES), public="days until never"),
    face("EarnCap", *(f"{way} / earnCap" for way in POLICIES), public="max per days"),
    face(
        "EffectivePolicy",
        *EFFECTIVE_POLICIES,
        public="makeUpsEnabled cancellationDeadline lateCancellation singleBookingsEarn earningNeedsPayment earnCap"
        " maxOutstanding validity expiryRounding neverBeforeMissedSession expiryMeans redeemableFrom maxDaysAhead"
        " makeUpsOpenDaysBefore makeUpsCloseMinutesBefore extraMakeUpSeats maxMakeUps freedSeatsOnly priceGuard"
        " categoryGuard creditScope onEnrolmentEnd onMakeUpCancellation studioCancellationGraceDays"
        " excusedAbsenceEarns holdReleaseGraceHours autoSeatHoursBeforeDeadline acceptsMakeUps",
    ),
    setting("BoolSetting", "makeUpsEnabled"),
    setting("CancellationDeadlineSetting", "cancellationDeadline"),
    setting("LateCancellationSetting", "lateCancellation"),
    setting("EarnCapSetting", "earnCap"),
    setting("LimitSetting", "maxOutstanding"),
    setting("ValiditySetting", "validity"),
    setting("ExpiryRoundingSetting", "expiryRounding"),
    setting("ExpiryMeansSetting", "expiryMeans"),
    setting("RedeemableFromSetting", "redeemableFrom"),
    setting("NumberSetting", "maxDaysAhead"),
    setting("PriceGuardSetting", "priceGuard"),
    setting("CategoryGuardSetting", "categoryGuard"),
    setting("CreditScopeSetting", "creditScope"),
    setting("OnEnrolmentEndSetting", "onEnrolmentEnd"),
    setting("OnMakeUpCancellationSetting", "onMakeUpCancellation"),
    face(
        "Course",
        *by_id("Course", "course", "old_course"),
        public="id name description category archivedAt acceptsMakeUps studio wholeCoursePrice singleSessionPrice"
        " makeUpsEnabled effectivePolicy sessions",
        managed="cancellationPreview",
    ),
    face(
        "Session",
        *by_id("Session", "session"),
        public="id name startsAt endsAt date status capacity seatsLeft studio course category instructor price"
        " acceptsMakeUps makeUpSeatsLeft makeUpsOpenAt makeUpsCloseAt cancellationDeadline effectivePolicy"
        " seatsGivenUntil",
        of_session="bookings",
        managed="cancellationPreview",
        my_seats="myBookings",
        about_client="bookingEligibility makeUpEligibility swapEligibility",
    ),
    face(
        "Session",
        *by_id("Session", "full"),
        managed="waitlist",
        my_seats="myWaitlistEntries",
        about_client="waitlistEligibility",
    ),
    face(
        "ClientAtSession",
        *by_id("Session", "session", "full", then=" / forMyClients"),
        my_family="client bookingEligibility makeUpEligibility waitlistEligibility clashes",
        my_family_there="booking waitlistEntry",
    ),
    face(
        "Session",
        *by_id("Session", "offered"),
        public="waiting seatsOnOffer",
        my_family="forMyClients",
        about_client="clashes",
    ),
    face("Session", *by_id("Session", "old_session"), public="archivedAt"),
    face(
        "SessionCancellationPreview",
        *CANCELLATIONS,
        managed="refusals sessions bookings creditsEarned creditsReturned nothing whyNotEarned",
    ),
    face(
        "SeatsForNothing",
        *(f"{way} / whyNotEarned" for way in CANCELLATIONS),
        managed="reason bookings",
    ),
    face("Session", *by_id("Booking", "marked", then=" / session"), roster="movedAt"),
    face("StaffMember", *by_id("StaffMember", "staff"), public="id displayName", staff="role addedAt"),
    face("StaffMember", "studio(slug: $slug) / staff(includeRemoved: true) / nodes", of_staff="removedAt"),
    face(
        "StaffInvitation",
        *by_id("StaffInvitation", "invitation"),
        owners="id email role displayName state createdAt expiresAt code",
    ),
    face("StaffInvitation", f"{JOINED} / invitation", owned="staffMember"),
    face(
        "InvitationPreview",
        "invitation(code: $code)",
        with_code="studio role state expiresAt",
        invited="displayName",
        not_invited="refusals",
    ),
    face("AuditEntry", *by_id("AuditEntry", "event"), owners="id at kind actor client"),
    face(
        "AuditEntry",
        *(WITH_CLIENT, OVERRIDDEN, JOINED),
        owned="changes course session enrolment booking credit waitlistEntry staffMember invitation reason note"
        " override",
    ),
    face("AuditActor", f"{WITH_CLIENT} / actor", owned="staffMember clients"),
    face("AuditChange", f"{WITH_CLIENT} / changes", owned="field before after"),
    face("Money", *by_id("Course", "course", then=" / wholeCoursePrice"), public="amount currency"),
    face(
        "PageInfo",
        "sessions(studioSlug: $slug) / pageInfo",
        public="hasNextPage hasPreviousPage startCursor endCursor",
    ),
    *page("Session", "sessions(studioSlug: $slug)", "public"),
    *page("Course", "courses(studioSlug: $slug)", "public"),
    *page("Client", "studio(slug: $slug) / clients", "managed"),
    *page("Booking", "studio(slug: $slug) / bookings", "managed"),
    *page("MakeUpCredit", "studio(slug: $slug) / makeUpCredits", "managed"),
    *page("WaitlistEntry", "studio(slug: $slug) / waitlistEntries", "managed"),
    *page("StaffMember", "studio(slug: $slug) / staff", "of_staff"),
    *page("StaffInvitation", "studio(slug: $slug) / invitations", "owned"),
    *page("AuditEntry", "studio(slug: $slug) / auditTrail", "owned"),
    *page("Enrolment", "node(id: $client) / ... on Client / enrolments", "own"),
    face(
        "Client",
        *by_id("Client", "client", "former"),
        own="id name archivedAt hasAccount studio bookings makeUpCredits waitlistEntries enrolments absencePreview",
    ),
    face("Client", *by_id("Client", "erased"), managers="erasedAt"),
    face(
        "Client",
        *by_id("Booking", "booking", then=" / client"),
        roster="id name hasAccount studio",
        behind_roster="bookings makeUpCredits waitlistEntries enrolments absencePreview",
    ),
    face(
        "Booking",
        *by_id("Booking", "booking", "paid", "cancelled", "fruitless"),
        roster="id status paidWith bookedAt cancelledAt session client",
        own="payment price outcome enrolment earnedCredit cancellationPreview undoPreview clashes",
        own_or_empty="whyNotEarned",
        behind_account="swapOptions",
        own_by_account="credit",
    ),
    face(
        "Booking",
        *by_id("Session", "session", then=" / bookings / nodes"),
        of_session="id status paidWith bookedAt session client",
        behind_session="payment enrolment cancellationPreview",
    ),
    face("Booking", *by_id("Booking", "marked"), roster="attendance markedAt"),
    face(
        "CancellationPreview",
        *PREVIEWS,
        own="outcome whyNotEarned deadline inTime expiresAt expiresOn expiresBeforeMissedSession neverRedeemable"
        " redeemableFrom afterDeadline bookableSessions comesBackExpired losesCredit",
        client_alone="refusals",
    ),
    face("AbsencePreview", ABSENCE, own="parts creditsEarned creditsReturned"),
    face("AbsencePart", f"{ABSENCE} / parts", own="booking outcome expiresOn preview"),
    face(
        "LateCancellationPreview",
        *(f"{way} / afterDeadline" for way in PREVIEWS),
        own="outcome whyNotEarned",
        client_alone="refusals",
    ),
    face(
        "UndoPreview",
        *by_id("Booking", "cancelled", "fruitless", "swapped", then=" / undoPreview"),
        own="refusals creditTakenBack",
        own_by_account="givesUp",
    ),
    face(
        "Enrolment", *by_id("Enrolment", "enrolment", "ended"), own="id payment enrolledAt endedAt course client price"
    ),
    face(
        "MakeUpCredit",
        *by_id("MakeUpCredit", "credit", "earned", "spent", "held"),
        own="id origin reason issuedAt expiresAt expiresOn expiryMeans redeemableFrom category state client worth"
        " missedBooking ledger inGrace",
        own_by_account="booking heldUntil ownExpiresAt ownExpiresOn",
        held_by_account="waitlistEntries canPayFor",
        managers="note",
    ),
    face(
        "LedgerEntry",
        *by_id("MakeUpCredit", "earned", "revoked", "held", then=" / ledger"),
        own="kind at expiresAt expiresOn expiresAtBefore expiresOnBefore revocationReason booking",
        own_by_account="heldUntil session",
        managers="note override",
    ),
    face(
        "WaitlistEntry",
        *by_id("WaitlistEntry", "entry", "seated"),
        own="id joinedAt withCredit session client state position endedAt booking claimEligibility",
        own_by_account="credit",
    ),
    face(
        "ClaimEligibility",
        *by_id("WaitlistEntry", "entry", then=" / claimEligibility"),
        own="eligible reasons",
    ),
    face(
        "WaitlistEligibility",
        *by_id("Session", "session", "full", then=" / waitlistEligibility(withCredit: true, clientId: $client)"),
        about_client="eligible reasons credit",
    ),
    face(
        "BookingEligibility",
        *by_id("Session", "closed", then=" / bookingEligibility(clientId: $client)"),
        about_client="eligible reasons",
    ),
    face(
        "MakeUpEligibility",
        *by_id("Session", "session", "closed", then=" / makeUpEligibility(clientId: $client)"),
        about_client="eligible reasons credit",
    ),
    face(
        "SwapEligibility",
        *by_id("Session", "session", then=" / swapEligibility(bookingId: $booking)"),
        about_client="eligible reasons",
    ),
    *FACES_OF_REFUSALS,
    *FACES_OF_REPORTS,
]

PUBLIC_TYPES = {face.type for face in FACES for cells in face.fields.values() if cells["anonymous"] == SEES}
"""The types of which a visitor who is not signed in sees something."""
