"""Public holidays, by country and region."""

from datetime import date

import pytest

from core.holidays import is_region, public_holidays

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def test_belgium_in_both_languages() -> None:
    french, english = (public_holidays("BE", FIRST, LAST, locale) for locale in ("fr", "en"))
    assert french[date(2026, 7, 21)] == "Fête nationale"
    assert english[date(2026, 7, 21)] == "National Day"
    assert list(french) == list(english) == sorted(french)
    assert public_holidays("BE", FIRST, LAST) == french


def test_a_region_has_its_own_beside_its_countrys() -> None:
    france, moselle = public_holidays("FR", FIRST, LAST), public_holidays("FR-57", FIRST, LAST)
    assert moselle.items() > france.items()
    assert moselle[date(2026, 12, 26)] == "Saint-Étienne"
    assert france[FIRST] == "Jour de l’an"


def test_the_bounds_are_days_and_may_lie_in_two_years() -> None:
    assert list(public_holidays("BE", date(2025, 12, 25), date(2026, 1, 1))) == [date(2025, 12, 25), FIRST]
    assert public_holidays("BE", date(2025, 12, 26), date(2025, 12, 31)) == {}


def test_names_are_in_english_where_a_country_has_no_french() -> None:
    assert public_holidays("JP", FIRST, FIRST, "fr") == {FIRST: "New Year’s Day"}


@pytest.mark.parametrize("region", ["", "QQ", "FR-99", "BE-", "europe"])
def test_no_region_and_an_unknown_one_have_none(region: str) -> None:
    assert not is_region(region)
    assert public_holidays(region, FIRST, LAST) == {}


@pytest.mark.parametrize("region", ["BE", "FR", "FR-57", "DE-BY", "LU", "CH-GE", "US-NY"])
def test_regions_are_known(region: str) -> None:
    assert is_region(region)
    assert public_holidays(region, FIRST, LAST)


def test_every_year_can_be_asked_for() -> None:
    assert public_holidays("BE", date(1, 1, 1), date(1, 12, 31)) == {}
    assert date(2100, 12, 25) in public_holidays("BE", date(2100, 1, 1), date(2100, 12, 31))
    assert public_holidays("BE", date(9999, 1, 1), date.max) == {}
