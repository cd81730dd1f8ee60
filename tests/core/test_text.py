import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadText, TextTooLong
from core.text import clean, fold


@pytest.mark.parametrize(
    "text",
    [
        "Apporter le bail",
        "deux\nlignes\tet un tabulateur",
        "👍🏽 👨‍👩‍👧 🇧🇪",
        "مرحبا بكم",
        "שלום עולם",
        "<!channel> <@U123> *gras* _it_ ~barré~ `code` <b>html</b> &amp; [lien](https://example.org)",
        "\u2067isolé\u2069",
        "l’été à 10 h – 12 h",
        "汉字 кириллица ελληνικά",
        "",
    ],
)
def test_text_is_kept_as_it_was_typed(text: str) -> None:
    assert clean(text, limit=200) == text


def test_text_is_trimmed_composed_and_has_one_kind_of_line_break() -> None:
    assert clean("  e\u0301te\u0301\r\nb\rc \n", limit=20) == "été\nb\nc"


@pytest.mark.parametrize(
    "sign", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\x9f", "\ud800", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e"]
)
@pytest.mark.parametrize("around", ["a{}b", "مر{}حبا"])
def test_control_characters_and_bidirectional_overrides_are_refused(sign: str, around: str) -> None:
    with pytest.raises(BadText):
        clean(around.format(sign), limit=100)


def test_ten_thousand_characters_are_too_many_for_a_comment() -> None:
    with pytest.raises(TextTooLong) as refusal:
        clean("x" * 10_000, limit=2_000)
    assert (refusal.value.limit, refusal.value.length) == (2_000, 10_000)
    assert refusal.value.message.format(**vars(refusal.value)).startswith("This text is too long: 10000 characters")


def test_the_limit_itself_fits_and_counts_characters_not_bytes() -> None:
    assert len(clean("👍" * 2_000, limit=2_000)) == 2_000
    assert clean(" " * 5_000 + "x", limit=1) == "x"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u202a\u202b\u202c\u202d\u202e")))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text, limit=1_000)
    assert clean(once, limit=1_000) == once


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Gisèle LAFRAISE", "gisele lafraise"),
        ("  Écaussinnes \t Bureau ", "ecaussinnes bureau"),
        ("ÇA VA", "ca va"),
        ("straße", "strasse"),
        ("ﬁche", "fiche"),
        ("İstanbul", "istanbul"),
        ("10 %", "10 %"),
        ("", ""),
    ],
)
def test_folding_leaves_letters_to_compare(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(codec="latin-1")))
def test_case_makes_no_difference_to_folded_text(text: str) -> None:
    assert fold(text.upper()) == fold(text)
