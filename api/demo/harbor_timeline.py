"""Harbor Arts: what happens there in the four weeks before the day of filling.

Credits live 21 days to the hour. A seat is given up in time until six in the evening before, and later by staff only.
The last day ends early: when it is midnight in Prague, it is still afternoon in New York.
"""

from datetime import time

from api.demo.acts import Book, BookWithMakeUp, Cancel, EndEnrolment, Enrol, Pay, Timeline
from api.demo.credit_acts import Extend, Grant, Revoke
from api.demo.studio_acts import ArchiveClient, ArchiveCourse, ArchiveSession, CallOff, Decide, EndTerm
from domain.issuing.granting import NoExpiry
from domain.nouns.booking import PaymentState
from domain.nouns.credit import GrantReason, RevocationReason
from domain.nouns.policy import ExpiryMeans, OnMakeUpCancellation, RedeemableFrom
from domain.nouns.session import Compensation

DUE, PAID, WAIVED = PaymentState.DUE, PaymentState.PAID, PaymentState.WAIVED
AFTER_MISSED_SESSION, ATTEND_BY = RedeemableFrom.AFTER_MISSED_SESSION, ExpiryMeans.ATTEND_BY

TIMELINE: Timeline = (
    (-28, time(9), Enrol("Ballet basics", PAID, ("Maya", "Chloe", "Fiona"))),
    (-28, time(9, 20), Enrol("Ballet basics", DUE, ("Hannah",))),
    (-28, time(10), Enrol("Guitar for beginners", PAID, ("Aaron", "Abigail", "Gavin"))),
    (-28, time(10, 30), Enrol("Guitar for beginners", WAIVED, ("Isaac",))),
    (-28, time(11), Enrol("Swimming for kids", PAID, ("Leo", "Jasmine"))),
    (-28, time(11, 15), Enrol("Swimming for kids", DUE, ("Kevin",))),
    (-28, time(12), EndTerm("Autumn choir", -4)),
    (-28, time(12, 30), Enrol("Autumn choir", PAID, ("Ethan", "Paige"))),
    (-26, time(15), Book("Laura", "Salsa drop-in", -24)),
    (-26, time(15, 30), Book("Marcus", "Salsa drop-in", -24)),
    (-25, time(9), Cancel("Aaron", "Guitar for beginners", -23)),
    (-24, time(19, 30), Pay("Laura", "Salsa drop-in", -24)),
    (-20, time(10), Cancel("Leo", "Swimming for kids", -18)),
    (-19, time(12), Book("Walter", "Salsa drop-in", -17, PAID)),
    (-18, time(9), Grant("Derek", GrantReason.STUDIO_CANCELLED_CLASS, "The pool was closed.", lives=NoExpiry())),
    (-16, time(9), Grant("Hannah", GrantReason.OTHER, "A birthday present.")),
    (-16, time(9, 10), Revoke("Hannah", RevocationReason.CORRECTION, "It was meant for another Hannah.")),
    (-15, time(8), Book("Brandon", "Ballet basics", -12)),
    (-15, time(13), Pay("Brandon", "Ballet basics", -12)),
    # Paid and in time, but this studio's single seats earn nothing.
    (-14, time(9), Cancel("Brandon", "Ballet basics", -12)),
    (-13, time(10), Cancel("Jasmine", "Swimming for kids", -11)),
    (-13, time(18), Cancel("Gavin", "Guitar for beginners", 5)),
    (-13, time(18, 5), Cancel("Gavin", "Guitar for beginners", 12)),
    # Nobody holds more than two credits here.
    (-13, time(18, 10), Cancel("Gavin", "Guitar for beginners", 19)),
    (-12, time(10), Cancel("Abigail", "Guitar for beginners", -9)),
    (-12, time(14), Book("Natalie", "Family swim", -8)),
    (-12, time(14, 30), Book("Oscar", "Family swim", -8, WAIVED)),
    (-11, time(11), BookWithMakeUp("Abigail", "Open mic night", 6)),
    (-10, time(16), Cancel("Maya", "Ballet basics", -5)),
    (-9, time(9), Grant("Emily", GrantReason.PREPAID_THEN_CANCELLED, lives=2, worth=45_00)),
    (-9, time(12), Book("Paige", "Piano masterclass", 3, PAID)),
    (-8, time(8, 30), BookWithMakeUp("Maya", "Salsa drop-in", 4)),
    (-7, time(9), Cancel("Abigail", "Open mic night", 6)),
    # From now on a credit waits for the session that it stands for, and pays what starts while it lives.
    (-7, time(12), Decide({"redeemable_from": AFTER_MISSED_SESSION, "expiry_means": ATTEND_BY})),
    (-7, time(17), Book("Quentin", "Piano masterclass", 3)),
    (-6, time(10), Cancel("Maya", "Ballet basics", 2)),
    # One credit is all that this course earns anybody.
    (-6, time(11), Cancel("Jasmine", "Swimming for kids", 10)),
    (-6, time(12), Book("Rachel", "Broadway dance workshop", 17, PAID)),
    (-6, time(12, 30), Book("Samuel", "Broadway dance workshop", 17)),
    (-5, time(12), Cancel("Chloe", "Ballet basics", -5, by_staff=True)),
    # He has moved away, and will not come back.
    (-5, time(14), EndEnrolment("Isaac", "Guitar for beginners")),
    (-5, time(14, 10), ArchiveClient("Isaac")),
    # What is over and will not be given again.
    (-5, time(15), ArchiveCourse("Summer choir")),
    (-5, time(15, 5), ArchiveSession("Family swim", -8)),
    (-4, time(9), Grant("Walter", GrantReason.GOODWILL)),
    (-4, time(9, 30), Extend("Walter", 7, "He is in hospital.")),
    (-4, time(16), Revoke("Gavin", RevocationReason.REFUNDED)),
    (-3, time(10), Book("Victoria", "Open mic night", 6)),
    (-3, time(10, 30), Book("Ethan", "Open mic night", 6)),
    # The term's last day is over.
    (-3, time(11), Cancel("Ethan", "Autumn choir", 7)),
    (-3, time(11, 30), Grant("Natalie", GrantReason.GOODWILL, "She lent us her piano.")),
    (-3, time(12), Decide({"on_make_up_cancellation": OnMakeUpCancellation.FORFEIT})),
    (-2, time(8), BookWithMakeUp("Natalie", "Open mic night", 6)),
    (-2, time(9), Book("Samuel", "Swimming for kids", 3)),
    # In time, and yet the credit is lost: it is so decided since yesterday.
    (-1, time(8), Cancel("Natalie", "Open mic night", 6)),
    # The money goes back by card.
    (-1, time(8, 30), CallOff("Broadway dance workshop", 17, Compensation.NONE, "The guest teacher cannot come.")),
    (-1, time(9), Book("Oscar", "Salsa drop-in", 4, PAID)),
    (-1, time(15), Book("Victoria", "Salsa drop-in", 4)),
)
