"""The example hangs together, and its README says what is so. It is invented, and can be seen to be."""

import csv
import re
from datetime import date
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "examples" / "sundsvall"
EARTH_RADIUS_M = 6_371_008.8
RUN_DATE = date(2026, 11, 21)
Row = dict[str, str]
FROM_OUTSIDE = ("unit-spreadsheet.csv", "company-homes.csv")


def rows(name: str) -> list[Row]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";" if name in FROM_OUTSIDE else ","))


HOMES = rows("homes.csv")
SCHOOLS = rows("schools.csv")


def listed(cell: str) -> set[str]:
    return {part for part in cell.split("|") if part}


def metres(here: Row, there: Row) -> float:
    lat, lon, other_lat, other_lon = (radians(float(place[axis])) for place in (here, there) for axis in ("lat", "lon"))
    half_chord = sin((other_lat - lat) / 2) ** 2 + cos(lat) * cos(other_lat) * sin((other_lon - lon) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(half_chord))


def shortfalls(home: Row, terms: Row) -> set[str]:
    above = {"above_ground_floor"} if home["floor"] and int(home["floor"]) >= 1 else set()
    short = listed(terms["required"]) - listed(home["has"]) - above
    near_enough = not terms["school_m_max"] or int(home["school_m"] or 10**6) <= int(terms["school_m_max"])
    short |= set() if near_enough else {"school_m_max"}
    short |= {"districts_excluded"} if home["district"] in listed(terms["districts_excluded"]) else set()
    return short | ({"rent_max"} if int(home["rent"]) > int(terms["rent_max"]) else set())


@pytest.mark.parametrize("home", [home for home in HOMES if home["lat"]], ids=lambda home: home["home"])
def test_the_distance_to_school_is_that_to_the_nearest_active_one(home: Row) -> None:
    nearest = min(metres(home, school) for school in SCHOOLS if school["status"] == "AKTIV")
    assert int(home["school_m"]) == round(nearest)


def test_a_home_with_no_known_place_has_no_known_distance_to_school() -> None:
    assert [(home["home"], home["school_m"]) for home in HOMES if not home["lat"]] == [("H13", "")]


def test_a_closed_school_is_nearer_to_somebody_than_an_active_one() -> None:
    def nearest(home: Row) -> Row:
        return min(SCHOOLS, key=lambda school: metres(home, school))

    assert {nearest(home)["status"] for home in HOMES if home["lat"]} > {"AKTIV"}


def test_apartment_numbers_agree_with_the_floors() -> None:
    numbers = {row["home"]: row["apartment_number"] for row in rows("addresses.csv")}
    assert {home: number and str(int(number[:2]) - 10) for home, number in numbers.items()} == {
        home["home"]: home["floor"] for home in HOMES
    }
    assert all(re.fullmatch(r"\d\d(0[1-9]|[1-9]\d)", number) for number in numbers.values() if number)


def test_no_real_municipality_is_named() -> None:
    """Codes from 9901 to 9999 belong to no municipality."""
    columns = {"municipality", "municipalities", "Kommun", "Kommuner"}
    everything = [row for path in FOLDER.glob("*.csv") for row in rows(path.name)]
    codes = {code for row in everything for column in columns & set(row) for code in re.findall(r"\d+", row[column])}
    assert codes == {"9901", "9902"}


@pytest.mark.parametrize("name", ["homes.csv", "schools.csv", "places.csv"])
def test_every_place_lies_in_the_sea(name: str) -> None:
    places = [(float(row["lat"]), float(row["lon"])) for row in rows(name) if row["lat"]]
    assert places
    assert all(61.9 < lat < 62.1 and 18.3 < lon < 19.1 for lat, lon in places)


def test_every_circle_is_drawn_around_a_listed_place() -> None:
    centres = {(place["lat"], place["lon"]) for place in rows("places.csv")}
    circles = [circle.split(":") for need in rows("needs.csv") for circle in listed(need["avoid_near"])]
    assert circles
    assert {(lat, lon) for lat, lon, _ in circles} <= centres


def test_five_places_and_four_flats_are_full_and_have_waited_82_days_on_average() -> None:
    stays = rows("shelter.csv")
    since = {need["need"]: date.fromisoformat(need["waiting_since"]) for need in rows("needs.csv")}
    kinds = [stay["place_kind"] for stay in stays]
    assert (kinds.count("shelter"), kinds.count("support_flat"), len(kinds)) == (5, 4, 9)
    assert len({stay["place"] for stay in stays}) == len(stays)
    assert sum((RUN_DATE - since[stay["need"]]).days for stay in stays) / len(stays) == 82
    assert all(date.fromisoformat(stay["since"]) <= since[stay["need"]] for stay in stays)


def test_one_published_home_falls_short_of_the_terms_of_its_line() -> None:
    terms = {row["line"]: row for row in rows("terms.csv")}
    short = {home["home"]: shortfalls(home, terms[home["line"]]) for home in HOMES}
    assert {home: what for home, what in short.items() if what} == {"H03": {"door_code"}}
    (h03,) = (home for home in HOMES if home["home"] == "H03")
    assert "door_code" not in listed(h03["lacks"])


def test_the_agreements_hold_the_quotas_of_the_lines() -> None:
    agreed = {row["line"]: (row["agreement"], row["per_month"]) for row in rows("agreements.csv")}
    assert agreed == {line["line"]: (line["agreement"], line["quota"]) for line in rows("lines.csv")}
    companies = {row["line"]: row["company"] for row in rows("agreements.csv")}
    assert all(home["company"] == companies[home["line"]] for home in HOMES)


def test_every_case_has_a_worker_and_a_number_of_its_own() -> None:
    cases = rows("cases.csv")
    workers = {user["username"] for user in rows("users.csv") if user["role"] == "social_worker"}
    imported = [row["Ärendenummer"] for row in rows("unit-spreadsheet.csv")]
    numbers = [case["case_number"] for case in cases] + imported
    assert [case["need"] for case in cases] == [need["need"] for need in rows("needs.csv")]
    assert {case["worker"] for case in cases} == workers
    assert len(set(numbers)) == len(numbers)
    assert all(re.fullmatch(r"9901-2026-\d{4}", number) for number in numbers)


def test_the_company_sends_two_rows_that_are_wrong() -> None:
    def wrong(row: Row) -> bool:
        floor_disagrees = int(row["Lägenhetsnummer"][:2]) - 10 != int(row["Våning"])
        return floor_disagrees or not re.fullmatch(r"[\d ]+,\d\d", row["Hyra kr/mån"])

    sent = rows("company-homes.csv")
    known = {row["object_number"] for row in rows("addresses.csv")}
    assert [row["Objektsnummer"] for row in sent if wrong(row)] == ["7015-2304", "7031-1203"]
    assert not known & {row["Objektsnummer"] for row in sent}
