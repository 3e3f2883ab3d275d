"""Which media types a client sends and understands (RFC 9110 sections 8.3 and 12.5.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message

from api.refused import RequestRefused

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"

_UTF_8 = ("utf-8", "utf8")


def answer_type(accept: Sequence[str]) -> str:
    """The media type to answer with, given all `Accept` headers of the request.

    A client that names none, or only wildcards, gets `application/json`: it may be older than the GraphQL type.
    Raises `RequestRefused` (406) when it accepts neither.
    """
    ranges = [_Range.parse(text) for text in ",".join(accept).split(",") if text.strip()]
    if not ranges:
        return JSON
    weighed = [(_weight(media_type, ranges), media_type) for media_type in (GRAPHQL, JSON)]
    (quality, _, _), chosen = max(weighed, key=lambda pair: pair[0])
    if quality == 0:
        raise RequestRefused(406, f"The answer is {GRAPHQL} or {JSON}; the Accept header allows neither.")
    return chosen


def require_json(content_type: Sequence[str], content_encoding: Sequence[str]) -> None:
    """Raises `RequestRefused` (415) unless the body is declared to be plain JSON in UTF-8.

    It is also what keeps other web sites out: a browser sends JSON across origins only after asking (CORS).
    """
    if any(encoding.strip().lower() != "identity" for encoding in ",".join(content_encoding).split(",") if encoding):
        raise RequestRefused(415, "The body must not be compressed.", headers={"Accept-Encoding": "identity"})
    header = Message()
    if len(content_type) == 1:
        header["Content-Type"] = content_type[0]
    if header.get_content_type() != JSON:
        raise RequestRefused(415, f"The Content-Type must be {JSON}.", headers={"Accept-Post": JSON})
    if header.get_content_charset(_UTF_8[0]) not in _UTF_8:
        raise RequestRefused(415, "The charset must be utf-8.", headers={"Accept-Post": JSON})


@dataclass(frozen=True)
class _Range:
    name: str
    quality: float

    @classmethod
    def parse(cls, text: str) -> "_Range":
        name, *parameters = (part.strip().lower() for part in text.split(";"))
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key == "q":
                quality = _quality(value)
            elif key == "charset" and value.strip('"') not in _UTF_8:
                quality = 0.0
        return cls(name, quality)


def _weight(media_type: str, ranges: Sequence[_Range]) -> tuple[float, int, bool]:
    """How well the client likes a type: the most specific range decides, as RFC 9110 says."""
    names = ("*/*", "application/*", media_type)
    specificity, quality = max(
        ((names.index(one.name), one.quality) for one in ranges if one.name in names), default=(0, 0.0)
    )
    is_named = specificity == names.index(media_type)
    return quality, specificity, is_named == (media_type == GRAPHQL)


def _quality(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        return 0.0
    return number if 0 <= number <= 1 else 0.0
