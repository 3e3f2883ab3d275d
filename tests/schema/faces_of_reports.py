"""The matrix of sight, as far as it is about reports."""

from tests.schema.face import by_id, face

OF_DATES = ("credits", "seats", "sessionsFilledByMakeUps")
"""Those that are of some dates."""

DATES = 'from: "2026-11-01", through: "2027-06-30"'
REPORTS = "studio(slug: $slug) / reports"

FACES_OF_REPORTS = [
    face(
        "StudioReports",
        REPORTS,
        managed="outstanding clientsWithOutstanding credits seats sessionsFilledByMakeUps clientsWhoCanBookNothing",
    ),
    face(
        "CreditReport",
        f"{REPORTS} / credits({DATES})",
        managed="earned excused compensated granted used restored forfeited expired extended revoked undone standing"
        " redemptionRate breakageRate",
    ),
    face("SeatReport", f"{REPORTS} / seats({DATES})", managed="sessions withMakeUps seats bookings makeUps"),
    face(
        "OutstandingCredits",
        *by_id("Client", "client", then=" / outstanding"),
        own="credits held worth unvalued firstExpiresOn byMonth",
    ),
    face(
        "OutstandingInMonth",
        f"{REPORTS} / outstanding / byMonth",
        managed="month credits held worth unvalued",
    ),
    face("MoneyTotal", f"{REPORTS} / outstanding / worth", managed="amount currency"),
    face("Session", *by_id("Session", "evening"), of_session="makeUpBookings"),
    face("Client", *by_id("Client", "former", "client"), own="outstanding"),
    face("Client", *by_id("Booking", "cancelled", then=" / client"), behind_roster="outstanding"),
]
