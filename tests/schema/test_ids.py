"""Ids: one thing has one id, and everything else is malformed."""

from collections.abc import Callable
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.faults import BadUserInput
from schema.ids import Kind, Ref, account_gid, decode, encode, expect, expect_in, studio_gid

LARGEST = 2**31 - 1
KEY = UUID("01936b2c-0000-7000-8000-000000000001")
DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
OF_A_STUDIO = sorted({*Kind} - {Kind.ACCOUNT, Kind.STUDIO})

studios = st.integers(1, LARGEST)
kinds = st.sampled_from(OF_A_STUDIO)


def write(ref: Ref) -> str:
    """The one id of a thing."""
    match ref.kind:
        case Kind.ACCOUNT:
            return account_gid(ref.key)
        case Kind.STUDIO:
            return studio_gid(ref.studio_id)
        case _:
            return encode(ref.kind, ref.studio_id, ref.key)


@given(kinds, studios, st.uuids())
@example(Kind.BOOKING, 1, UUID(int=0))
@example(Kind.CREDIT, LARGEST, UUID(int=2**128 - 1))
def test_an_id_names_its_kind_its_studio_and_its_key(kind: Kind, studio: int, key: UUID) -> None:
    assert decode(encode(kind, studio, key)) == Ref(kind, studio, key)


@given(studios)
def test_the_id_of_a_studio_is_its_number(studio: int) -> None:
    assert decode(studio_gid(studio)) == Ref(Kind.STUDIO, studio, UUID(int=0))


@given(st.uuids())
def test_the_id_of_an_account_has_no_studio(key: UUID) -> None:
    assert decode(account_gid(key)) == Ref(Kind.ACCOUNT, 0, key)


@given(kinds, studios, st.uuids())
def test_an_id_is_short_and_can_stand_in_an_address(kind: Kind, studio: int, key: UUID) -> None:
    text = encode(kind, studio, key)
    assert len(text) <= 36
    assert text.startswith(f"{kind}_")
    assert set(text.removeprefix(f"{kind}_")) <= set(DIGITS)


@given(
    st.one_of(
        st.text(max_size=40),
        st.builds(
            "{}_{}".format, st.sampled_from([*Kind, "", "SES", "abc"]), st.text(DIGITS + "ilouA-_ ٣", max_size=34)
        ),
    )
)
@example("ses_")
@example("ses")
@example("_1")
def test_whatever_can_be_read_is_the_one_spelling_of_what_it_names(text: str) -> None:
    ref = decode(text)
    assert ref is None or write(ref) == text


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(lambda text: text.upper(), id="upper case"),
        pytest.param(lambda text: text[:4] + text[4:].upper(), id="upper case digits"),
        pytest.param(lambda text: f"{text[:4]}0{text[4:]}", id="a leading zero"),
        pytest.param(lambda text: f" {text}", id="a space before"),
        pytest.param(lambda text: f"{text}\n", id="a line end after"),
        pytest.param(lambda text: f"{text}=", id="padding"),
        pytest.param(lambda text: text.replace("_", "-"), id="another separator"),
        pytest.param(lambda text: text.replace("_", "__"), id="two separators"),
        pytest.param(lambda text: text.replace("1", "l"), id="l for 1"),
        pytest.param(lambda text: text.replace("1", "\N{ARABIC-INDIC DIGIT ONE}"), id="an Arabic digit"),
        pytest.param(lambda text: text.replace("1", "\N{FULLWIDTH DIGIT ONE}"), id="a wide digit"),
        pytest.param(lambda text: f"{text}\0", id="a NUL after"),
        pytest.param(lambda text: text + "0" * 10, id="more digits than any id has"),
        pytest.param(lambda text: text + "0" * 100_000, id="very many digits"),
        pytest.param(lambda text: text[4:], id="no prefix"),
        pytest.param(lambda text: text[:4], id="only the prefix"),
        pytest.param(lambda text: f"wtl_{text[4:]}", id="a prefix that no kind has"),
        pytest.param(lambda text: "", id="nothing"),
    ],
)
def test_another_spelling_of_an_id_is_malformed(other: Callable[[str], str]) -> None:
    text = encode(Kind.SESSION, 77, KEY)
    assert "1" in text
    assert decode(text) is not None
    assert decode(other(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(encode(Kind.SESSION, LARGEST + 1, KEY), id="a studio too large for any database"),
        pytest.param(studio_gid(LARGEST + 1), id="a studio of such a number"),
        pytest.param(encode(Kind.SESSION, 0, KEY), id="a session of no studio"),
        pytest.param(encode(Kind.ACCOUNT, 1, KEY), id="an account of a studio"),
        pytest.param(encode(Kind.STUDIO, 1, KEY), id="a studio with a key"),
        pytest.param("stu_0", id="the studio 0"),
    ],
)
def test_what_no_id_names_is_malformed(text: str) -> None:
    assert decode(text) is None


@pytest.mark.parametrize("kind", OF_A_STUDIO)
def test_an_id_of_another_kind_is_bad_input(kind: Kind) -> None:
    for other in OF_A_STUDIO:
        if other is kind:
            assert expect(kind, encode(other, 7, KEY), "input") == Ref(kind, 7, KEY)
            continue
        with pytest.raises(BadUserInput) as raised:
            expect(kind, encode(other, 7, KEY), "input", "id")
        assert raised.value.path == ("input", "id")


def test_an_id_of_another_studio_is_a_key_that_this_studio_does_not_have() -> None:
    assert expect_in(7, Kind.CLIENT, encode(Kind.CLIENT, 7, KEY), "clientId") == KEY
    assert expect_in(7, Kind.CLIENT, encode(Kind.CLIENT, 8, KEY), "clientId") == UUID(int=0)


@given(kinds, kinds, studios, studios, st.uuids(), st.uuids())
def test_two_things_never_share_an_id(a: Kind, b: Kind, m: int, n: int, x: UUID, y: UUID) -> None:
    assert (encode(a, m, x) == encode(b, n, y)) == ((a, m, x) == (b, n, y))
