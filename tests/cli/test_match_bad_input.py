"""Every kind of bad input has its sentence, and nothing is written."""

from pathlib import Path
from typing import Any

import pytest

from bostad.cli import main
from tests.cli.folders import NEED, a_folder, homes, lines, needs

FEATURES = (
    "above_ground_floor, not_reachable_from_ground, door_code, intercom, security_door, peephole, lift, step_free, "
    "second_way_out, lockable_room, pets, balcony, parking, bathtub, laundry_in_home"
)


def refused(folder: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Run the command, see that it wrote nothing, and return its messages."""
    assert main(["match", str(folder), "--date", "2026-11-21", "--out", str(out)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert not out.exists()
    return said.err.splitlines()


CELLS = [
    ({"needs": needs({"rent_max": "abc"})}, "needs.csv:2: rent_max: 'abc' is not a whole number above 0"),
    ({"needs": needs({"rent_max": "0"})}, "needs.csv:2: rent_max: '0' is not a whole number above 0"),
    ({"needs": needs({"rent_max": "8 000"})}, "needs.csv:2: rent_max: '8 000' is not a whole number above 0"),
    ({"needs": needs({"rent_max": "9" * 5000})}, f"needs.csv:2: rent_max: '{'9' * 60}...' is above 1000000000"),
    ({"needs": needs({"rent_max": ""})}, "needs.csv:2: rent_max: the cell is empty"),
    ({"needs": needs({"adults": "0"})}, "needs.csv:2: adults: '0' is not a whole number above 0"),
    ({"needs": needs({"adults": "1.5"})}, "needs.csv:2: adults: '1.5' is not a whole number above 0"),
    ({"needs": needs({"couples": "-1"})}, "needs.csv:2: couples: '-1' is not a whole number, 0 or above"),
    ({"needs": needs({"couples": "1"})}, "needs.csv:2: couples: '1' couples are more than 1 adults"),
    ({"needs": needs({"child_ages": "5|18"})}, "needs.csv:2: child_ages: '18' is not an age from 0 to 17"),
    ({"needs": needs({"child_ages": "5||9"})}, "needs.csv:2: child_ages: '5||9' has an empty entry"),
    ({"needs": needs({"risk": "Acute"})}, "needs.csv:2: risk: 'Acute' is not one of acute, high, standard"),
    (
        {"needs": needs({"waiting_since": "1/9 2026"})},
        "needs.csv:2: waiting_since: '1/9 2026' is not a date written YYYY-MM-DD",
    ),
    (
        {"needs": needs({"waiting_since": "20260901"})},
        "needs.csv:2: waiting_since: '20260901' is not a date written YYYY-MM-DD",
    ),
    (
        {"needs": needs({"move_in_by": "2026-02-30"})},
        "needs.csv:2: move_in_by: '2026-02-30' is not a day in the calendar",
    ),
    (
        {"needs": needs({"move_in_from": "2026-12-02", "move_in_by": "2026-12-01"})},
        "needs.csv:2: move_in_by: '2026-12-01' is before move_in_from 2026-12-02",
    ),
    (
        {"needs": needs({"municipalities": "9901|Sagosund"})},
        "needs.csv:2: municipalities: 'Sagosund' is not a municipality code of four digits",
    ),
    ({"needs": needs({"municipalities": ""})}, "needs.csv:2: municipalities: the cell is empty"),
    (
        {"needs": needs({"avoid_near": "62.1:18.5"})},
        "needs.csv:2: avoid_near: '62.1:18.5' is not a place written lat:lon:metres",
    ),
    (
        {"needs": needs({"avoid_near": "62,1:18.5:900"})},
        "needs.csv:2: avoid_near: '62,1' is not decimal degrees with a point, from -90 to 90",
    ),
    (
        {"needs": needs({"avoid_near": "62.1:18.5:0.9"})},
        "needs.csv:2: avoid_near: '0.9' is not a whole number, 0 or above",
    ),
    ({"needs": needs({"must": "garage"})}, f"needs.csv:2: must: 'garage' is not one of {FEATURES}"),
    (
        {"needs": needs({"contracts": "lease"})},
        "needs.csv:2: contracts: 'lease' is not one of first_hand, guarantee, social",
    ),
    ({"needs": needs({"consents": "sagobo"})}, "needs.csv:2: consents: 'sagobo' is not a consent written company:date"),
    (
        {"needs": needs({"consents": "sagobo:soon"})},
        "needs.csv:2: consents: 'soon' is not a date written YYYY-MM-DD",
    ),
    ({"needs": needs({}, {"need": "N1"})}, "needs.csv:3: need: 'N1' stands already on line 2"),
    (
        {"needs": needs({"need": "N\x1b[2J", "risk": "\x07"})},
        "needs.csv:2: risk: '\ufffd' is not one of acute, high, standard",
    ),
    ({"homes": homes({"line": "L9"})}, "homes.csv:2: line: 'L9' is not in lines.csv"),
    ({"homes": homes({"lon": "18.1"})}, "homes.csv:2: lat: the cell is empty though lon is not"),
    ({"homes": homes({"lat": "62.1"})}, "homes.csv:2: lon: the cell is empty though lat is not"),
    (
        {"homes": homes({"lat": "162.1", "lon": "18"})},
        "homes.csv:2: lat: '162.1' is not decimal degrees with a point, from -90 to 90",
    ),
    ({"homes": homes({"floor": "BV"})}, "homes.csv:2: floor: 'BV' is not a whole number"),
    (
        {"homes": homes({"has": "above_ground_floor"})},
        "homes.csv:2: has: 'above_ground_floor' is read from the floor and never listed",
    ),
    ({"homes": homes({"has": "lift|pets", "lacks": "lift"})}, "homes.csv:2: lacks: 'lift' stands in has too"),
    ({"lines": lines({"quota": "-1"})}, "lines.csv:2: quota: '-1' is not a whole number, 0 or above"),
    ({"lines": lines({"groups": ""})}, "lines.csv:2: groups: the cell is empty"),
    (
        {"lines": lines({"agreement_cap": "2"}, {"agreement_cap": "3"})},
        "lines.csv:3: agreement_cap: '3' for agreement 'A1', but '2' on line 2",
    ),
    (
        {"lines": lines({"agreement_cap": "2"}, {})},
        "lines.csv:3: agreement_cap: no cap for agreement 'A1', but '2' on line 2",
    ),
    (
        {"lines": lines({"building_cap": "0"})},
        "lines.csv:2: building_cap: '0' is not a whole number above 0",
    ),
    ({"locked": "need,home\nN9,H1\n"}, "locked.csv:2: need: 'N9' is not in needs.csv"),
    ({"locked": "need,home\nN1,H1\nN2,H1\n"}, "locked.csv:3: home: 'H1' stands already on line 2"),
    ({"declined": "need,home\nN1,H9\n"}, "declined.csv:2: home: 'H9' is not in homes.csv"),
    ({"apart": "need_a,need_b,scope\nN1,N9,building\n"}, "apart.csv:2: need_b: 'N9' is not in needs.csv"),
    ({"apart": "need_a,need_b,scope\nN1,N1,building\n"}, "apart.csv:2: need_b: 'N1' is need_a itself"),
    (
        {"apart": "need_a,need_b,scope\nN1,N2,building\nN2,N1,building\n"},
        "apart.csv:3: need_b: the same two stand already on line 2",
    ),
    (
        {"apart": "need_a,need_b,scope\nN1,N2,street\n"},
        "apart.csv:2: scope: 'street' is not one of building, district, municipality",
    ),
]


@pytest.mark.parametrize(("files", "message"), CELLS, ids=[message[:60] for _, message in CELLS])
def test_a_bad_cell_is_named_by_file_line_and_column(
    files: dict[str, Any], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = a_folder(tmp_path / "in", **files)
    assert refused(folder, tmp_path / "out", capsys) == [message]


HEADER = ",".join(NEED)
FILES = [
    ({"needs": None}, "needs.csv: the file is missing"),
    ({"lines": ""}, "lines.csv:1: there is no header row"),
    ({"locked": "need\nN1\n"}, "locked.csv:1: home: the column is missing"),
    ({"locked": "need,home,need\n"}, "locked.csv:1: need: the column stands 2 times"),
    ({"declined": "need,home\nN1\n"}, "declined.csv:2: the row has 1 cells, the header 2"),
    ({"declined": "need,home\nN1,H1,x\n"}, "declined.csv:2: the row has 3 cells, the header 2"),
    ({"declined": b"need,home\nN1,H1\nN\xe5,H1\n"}, "declined.csv:3: the text is not UTF-8"),
    ({"declined": 'need,home\n"N1"x,H1\n'}, "declined.csv:2: the row cannot be read: ',' expected after '\"'"),
    ({"declined": 'need,home\nN1,"H1\n'}, "declined.csv:2: the row cannot be read: unexpected end of data"),
]


@pytest.mark.parametrize(("files", "message"), FILES, ids=[message for _, message in FILES])
def test_a_bad_file_is_named(
    files: dict[str, Any], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = a_folder(tmp_path / "in", **files)
    assert refused(folder, tmp_path / "out", capsys) == [message]


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = a_folder(tmp_path / "in", needs=None)
    (folder / "needs.csv").mkdir()
    assert refused(folder, tmp_path / "out", capsys) == ["needs.csv: the file cannot be read: Is a directory"]


def test_every_bad_cell_is_named_in_order_of_files_and_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = a_folder(
        tmp_path / "in",
        locked="need,home\nN7,H1\n",
        homes=homes({"rooms": "x"}, {"rent": "x", "line": "L7"}),
        needs=needs({"couples": "9"}, {"adults": "x"}),
    )
    assert [message.partition(": '")[0] for message in refused(folder, tmp_path / "out", capsys)] == [
        "needs.csv:2: couples",
        "needs.csv:3: adults",
        "homes.csv:2: rooms",
        "homes.csv:3: rent",
        "homes.csv:3: line",
        "locked.csv:2: need",
    ]


def test_the_first_fifty_are_named_and_the_rest_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = a_folder(tmp_path / "in", needs=needs(*[{"adults": "x"}] * 62))
    messages = refused(folder, tmp_path / "out", capsys)
    assert messages[49:] == ["needs.csv:51: adults: 'x' is not a whole number above 0", "... and 12 more"]


def test_lines_are_counted_as_they_stand_in_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A newline in quotes, an empty line and Windows line ends are lines of the file too."""
    declined = '\ufeff\r\nneed,home,note\r\nN1,H1,"two\r\nlines"\r\n\r\nN1,H9,"a\nb"\r\nN8,H1,\r\n'
    messages = refused(a_folder(tmp_path / "in", declined=declined), tmp_path / "out", capsys)
    assert messages == [
        "declined.csv:6: home: 'H9' is not in homes.csv",
        "declined.csv:8: need: 'N8' is not in needs.csv",
    ]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "nowhere"
    assert refused(missing, tmp_path / "out", capsys) == [f"{missing}: there is no such folder"]


def test_a_date_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["match", str(a_folder(tmp_path)), "--date", "21 Nov"])
    assert stopped.value.code == 2
    assert "argument --date: '21 Nov' is not a date written YYYY-MM-DD" in capsys.readouterr().err
