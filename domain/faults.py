"""Faults: answers to a request that could not be judged at all (A0). They undo everything the act did."""

from domain.nouns.words import Word


class FaultCode(Word):
    UNAUTHENTICATED = "UNAUTHENTICATED", "Nobody is signed in, or the e-mail or password is wrong."
    FORBIDDEN = "FORBIDDEN", "You may see this, but your role may not do it."
    NOT_FOUND = "NOT_FOUND", "There is no such thing, or it is not yours to see."
    BAD_USER_INPUT = "BAD_USER_INPUT", "The input has the wrong shape: an id, a date, a range, a cursor."
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED", "This key was used before with another input."
    CONFLICT_RETRY = "CONFLICT_RETRY", "Others were faster several times over; send the same request again."
    TIME_WENT_BACKWARDS = "TIME_WENT_BACKWARDS", "Something touched here was changed at a later instant."
    INTERNAL = "INTERNAL", "A bug of ours. Quote the request id."


class Fault(Exception):
    """A request that cannot be judged. `path` names the input field at fault, outermost first."""

    code: FaultCode

    def __init__(self, message: str, *path: str) -> None:
        super().__init__(message)
        self.message = message
        self.path = path


ACCOUNT_GONE = "The account of this token no longer exists; sign in again."


class Unauthenticated(Fault):
    code = FaultCode.UNAUTHENTICATED


class Forbidden(Fault):
    code = FaultCode.FORBIDDEN


class NotFound(Fault):
    """Also for what exists but is another's: the two must be impossible to tell apart."""

    code = FaultCode.NOT_FOUND


class BadUserInput(Fault):
    code = FaultCode.BAD_USER_INPUT


class IdempotencyKeyReused(Fault):
    code = FaultCode.IDEMPOTENCY_KEY_REUSED


class ConflictRetry(Fault):
    code = FaultCode.CONFLICT_RETRY


class TimeWentBackwards(Fault):
    code = FaultCode.TIME_WENT_BACKWARDS
