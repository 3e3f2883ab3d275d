"""The matrix of sight, as far as it is about why not."""

from tests.schema.face import Face, by_id, face

REASONS = by_id("Session", "closed", "started", then=" / makeUpEligibility(clientId: $client) / reasons")
OF_SPENT = by_id("Session", "closed", then=" / makeUpEligibility(clientId: $client, creditId: $spent) / reasons")
OF_GRANTED = by_id("Session", "closed", then=" / makeUpEligibility(clientId: $client, creditId: $credit) / reasons")
OF_UNPAID = by_id("Session", "session", then=" / swapEligibility(bookingId: $late) / reasons")
REFUSED_GRANT = (
    'grantMakeUp(input: {clientId: $client, reason: OTHER, validity: {expiresOn: "2026-10-31"}, idempotencyKey: $key})'
    " / ... on Refused / reasons"
)
REFUSED_EXTENSION = (
    "extendMakeUps(input: {studioId: $studio, credits: {ids: [$revoked]}, expiry: {addDays: 1}, idempotencyKey: $key})"
    " / ... on Refused / reasons"
)
REFUSED_MARK = (
    "markAttendance(input: {sessionId: $evening, marks: [{bookingId: $fruitless, attendance: ABSENT}],"
    " idempotencyKey: $key}) / ... on Refused / reasons"
)


def value(type: str, field: str, ways: tuple[str, ...], audience: str) -> Face:
    """One of the values that a rule compared."""
    return face(type, *(f"{way} / actual / ... on {type}" for way in ways), **{audience: field})


FACES_OF_REFUSALS = [
    face("Refusal", *OF_UNPAID, about_client="code message actual required fixableBy sessionId whyNotEarned"),
    face(
        "Refusal",
        *REASONS,
        about_client="code message actual required fixableBy availableFrom sessionId waiting canJoinWaitlist",
    ),
    face(
        "Refusal",
        REFUSED_GRANT,
        operation="mutation",
        about_grant="code message path actual required fixableBy",
    ),
    face(
        "Refusal",
        REFUSED_EXTENSION,
        operation="mutation",
        managed="code message creditId",
    ),
    face("Refusal", REFUSED_MARK, operation="mutation", of_session="code message bookingId"),
    value("IntValue", "int", REASONS, "about_client"),
    value("DateTimeValue", "dateTime", REASONS, "about_client"),
    value("DateValue", "date", REASONS, "about_client"),
    value("TextValue", "text", OF_SPENT, "about_spent"),
    value("MoneyValue", "money", OF_GRANTED, "about_client"),
]
