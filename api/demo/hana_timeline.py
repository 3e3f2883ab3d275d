"""Studio Hana: what happens there in the four weeks before the day of filling.

Credits live 14 days, and a seat is given up in time until 24 hours before. No cancellation here lies within an hour of
that, so that no change of the clocks makes one late.
"""

from datetime import time

from api.demo.acts import Book, BookWithMakeUp, Cancel, Enrol, Mark, Pay, Swap, Timeline, Undo, Wait, WaitNoLonger
from api.demo.credit_acts import Grant
from api.demo.people import NINA, VERA
from api.demo.staff_acts import Invite, Remove
from api.demo.studio_acts import CallOff, Move
from domain.issuing.granting import NoExpiry
from domain.nouns.booking import Attendance, PaymentState
from domain.nouns.credit import GrantReason
from domain.nouns.session import Compensation
from domain.nouns.studio import Role

DUE, PAID, WAIVED = PaymentState.DUE, PaymentState.PAID, PaymentState.WAIVED
ATTENDED, ABSENT, EXCUSED, NO_SHOW = Attendance

TIMELINE: Timeline = (
    (-28, time(8), Enrol("Morning yoga", PAID, ("Adam", "Alena", "Barbora"))),
    (-28, time(8, 20), Enrol("Morning yoga", DUE, ("Blanka",))),
    (-28, time(8, 25), Enrol("Morning yoga", WAIVED, ("Ivan",))),
    (-28, time(9), Enrol("Pilates", PAID, ("Cyril", "Daniel", "Dita"))),
    (-28, time(9, 15), Enrol("Pilates", DUE, ("Filip",))),
    (-28, time(9, 20), Enrol("Pilates", WAIVED, ("Marie",))),
    (-28, time(10), Enrol("Swimming for children", PAID, ("Ema", "Sofie"))),
    (-28, time(10, 10), Enrol("Swimming for children", DUE, ("Jan",))),
    (-28, time(11), Enrol("Meditation", PAID, ("Eliška", "Helena", "Igor", "Iveta"))),
    (-28, time(11, 30), Enrol("Meditation", WAIVED, ("Jakub",))),
    (-27, time(17, 5), Book("Monika", "Open flow", -26)),
    (-27, time(19, 40), Book("Nikola", "Open flow", -26)),
    (-26, time(17, 30), Pay("Nikola", "Open flow", -26)),
    (-22, time(14), Pay("Blanka", "Morning yoga")),
    (-21, time(8, 45), Book("Ondřej", "Open flow", -19)),
    (-21, time(12, 30), Book("Josef", "Open flow", -19, PAID)),
    (-20, time(9), Book("Lukáš", "Open flow", -12)),
    (
        -20,
        time(9, 30),
        Grant("Kamila", GrantReason.COMPENSATION, "The heating was out.", lives=NoExpiry(), worth=180_00),
    ),
    # Cancelled so early that the credit has run out since.
    (-20, time(18, 10), Cancel("Alena", "Morning yoga", -13)),
    (-19, time(12), Cancel("Cyril", "Pilates", -17)),
    (-19, time(17, 50), Pay("Lukáš", "Open flow", -12)),
    (-18, time(10), Book("Pavla", "Full moon yoga", -9, PAID)),
    (-17, time(20, 15), Book("Simona", "Full moon yoga", -9)),
    (-16, time(9, 20), BookWithMakeUp("Cyril", "Open flow", -12)),
    (-16, time(11), Book("Radek", "Open flow", -12, WAIVED)),
    # A single seat that was paid earns too; its credit ends tonight.
    (-14, time(13), Cancel("Lukáš", "Open flow", -12)),
    (-14, time(15), Grant("Jitka", GrantReason.OTHER, "Won at the summer party.", lives=-2)),
    # She had a fever: that earns as giving the seat up would have.
    (-14, time(18), Mark("Sofie", "Swimming for children", -14, EXCUSED, others=ATTENDED)),
    (-13, time(9), Cancel("Adam", "Morning yoga", 1)),
    (-12, time(8, 10), Cancel("Daniel", "Pilates", -10)),
    (-12, time(16), Grant("Michal", GrantReason.GOODWILL, lives=-3)),
    (-12, time(20, 15), Cancel("Barbora", "Morning yoga", -6)),
    (-12, time(21), Cancel("Simona", "Full moon yoga", -9)),
    (-11, time(10), Enrol("Pilates", PAID, ("Gabriela",))),
    (-11, time(17), Cancel("Ema", "Swimming for children", -7)),
    (-10, time(7, 50), BookWithMakeUp("Michal", "Morning yoga", 8)),
    (-10, time(18, 30), BookWithMakeUp("Barbora", "Open flow", 9)),
    (-10, time(19), Cancel("Helena", "Meditation", -8)),
    (-10, time(20, 30), Mark("Dita", "Pilates", -10, EXCUSED)),
    (-10, time(20, 31), Mark("Marie", "Pilates", -10, EXCUSED, others=ATTENDED)),
    # It was another Marie, so that her credit goes again.
    (-10, time(20, 40), Mark("Marie", "Pilates", -10, ABSENT)),
    (-9, time(9), Grant("Karel", GrantReason.CORRECTION, "Was charged twice.", lives=1)),
    (-9, time(12, 15), BookWithMakeUp("Daniel", "Open stretching", 5)),
    (-9, time(13), BookWithMakeUp("Sofie", "Open stretching", 5)),
    # The fever was none, but what it earned is spent: staff have to talk with her parents.
    (-9, time(17), Mark("Sofie", "Swimming for children", -14, NO_SHOW)),
    # Her seat of yesterday is given up, and has earned already.
    (-9, time(18), Cancel("Dita", "Pilates", -10, by_staff=True)),
    (-8, time(10), Grant("Lenka", GrantReason.GOODWILL, count=2)),
    (-8, time(11), Remove(VERA)),
    (-8, time(18), Book("Ondřej", "First steps on the reformer", 2)),
    (-7, time(9), BookWithMakeUp("Lenka", "Open flow", -5)),
    (-7, time(10), Book("Pavla", "First steps on the reformer", 2)),
    (-7, time(13), Pay("Pavla", "First steps on the reformer", 2)),
    # Not paid, so nothing is earned.
    (-6, time(8, 30), Cancel("Filip", "Pilates", 4)),
    (-6, time(11), Grant("Marie", GrantReason.GOODWILL, "Once she has an account.")),
    (-6, time(14), Book("Renata", "Open flow", -5, PAID)),
    (-6, time(14, 20), Book("Vojtěch", "Breathing workshop", 12, PAID)),
    (-6, time(14, 30), Book("Kamila", "Breathing workshop", 12, WAIVED)),
    (-5, time(9), Cancel("Lenka", "Open flow", -5)),
    (-5, time(12), Cancel("Blanka", "Morning yoga", 8)),
    # She fell ill in the lesson: only staff cancel what has begun.
    (-5, time(18, 40), Cancel("Renata", "Open flow", -5, by_staff=True)),
    (-4, time(17), Cancel("Dita", "Pilates", 11)),
    # Two wait for the two seats, and the first of them gets the one that is given up.
    (-4, time(18), Wait("Renata", "First steps on the reformer", 2)),
    (-4, time(18, 30), Wait("Lenka", "First steps on the reformer", 2, with_credit=True)),
    (-3, time(9), Cancel("Ondřej", "First steps on the reformer", 2)),
    (-3, time(10), Cancel("Gabriela", "Pilates", -3)),
    (-3, time(11, 15), Cancel("Ema", "Swimming for children", 14)),
    # Her brother swims meanwhile: their father is told that the two clash.
    (-3, time(11, 30), Book("Ema", "Acrobatics for children", 14)),
    (-3, time(18), Book("Ivan", "Open flow", 9)),
    (-2, time(8), Book("Nikola", "Open flow", 2)),
    (-2, time(8, 30), Book("Monika", "Open flow", 2)),
    (-2, time(9), Book("Radek", "Open flow", 2, PAID)),
    # Her plans changed, and changed again.
    (-2, time(9, 30), Cancel("Alena", "Morning yoga", 8)),
    (-2, time(9, 40), Invite(NINA, Role.INSTRUCTOR)),
    (-2, time(11), Undo("Alena", "Morning yoga", 8)),
    (-2, time(12), Cancel("Daniel", "Open stretching", 5)),
    (-2, time(13), Move("Open stretching", 5, time(11))),
    (-2, time(19), Book("Eliška", "Open stretching", 5)),
    # She is away next week, and comes to another lesson this week instead.
    (-2, time(19, 30), Swap("Alena", "Morning yoga", 8, "Open stretching", 5)),
    # In time, but the credit that comes back has run out meanwhile.
    (-1, time(8), Cancel("Michal", "Morning yoga", 8)),
    (-1, time(9, 30), Book("Josef", "Morning yoga", 8, DUE)),
    # He would come after all; but he has a credit for that morning already, and gets no second.
    (-1, time(11), Book("Adam", "Morning yoga", 1, PAID)),
    (-1, time(17, 30), CallOff("Morning yoga", 1, Compensation.CREDITS, "Klára has the flu.")),
    (-1, time(18), Book("Simona", "Open flow", 2)),
    (-1, time(18, 10), WaitNoLonger("Lenka", "First steps on the reformer", 2)),
    (-1, time(18, 20), Wait("Kamila", "First steps on the reformer", 2, with_credit=True)),
    (-1, time(18, 30), Wait("Blanka", "First steps on the reformer", 2, with_credit=True)),
    (-1, time(18, 40), Wait("Ivan", "First steps on the reformer", 2)),
)
