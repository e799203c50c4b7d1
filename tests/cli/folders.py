"""Folders of CSV files that are good, to spoil one cell at a time."""

import csv
import io
from pathlib import Path
from typing import Any

Rows = list[dict[str, str]]

NEED = {
    "need": "N1",
    "risk": "high",
    "waiting_since": "2026-09-01",
    "adults": "1",
    "couples": "",
    "child_ages": "5|9",
    "rooms_min": "",
    "rent_max": "9000",
    "municipalities": "9901",
    "avoid_districts": "",
    "avoid_buildings": "",
    "avoid_near": "",
    "blocked_companies": "",
    "must": "",
    "wish": "",
    "school_m_max": "",
    "move_in_from": "",
    "move_in_by": "",
    "contracts": "",
    "group": "violence",
    "consents": "sagobo:2026-12-31",
}
HOME = {
    "home": "H1",
    "line": "L1",
    "company": "sagobo",
    "municipality": "9901",
    "district": "Åsen",
    "building": "",
    "lat": "",
    "lon": "",
    "rooms": "3",
    "area_m2": "",
    "rent": "8000",
    "floor": "",
    "max_people": "",
    "has": "",
    "lacks": "",
    "school_m": "",
    "available_from": "2026-12-01",
    "offer_until": "",
}
LINE = {
    "line": "L1",
    "agreement": "A1",
    "groups": "violence",
    "contracts": "",
    "quota": "5",
    "agreement_cap": "",
    "valid_from": "2026-01-01",
    "valid_until": "",
}


def table(rows: Rows, separator: str = ",") -> str:
    """Return rows as CSV text."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), delimiter=separator, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def a_folder(path: Path, **files: Any) -> Path:
    """Write a folder of two needs, two homes and a line; a file given by name is text, bytes or None for no file."""
    whole: dict[str, Any] = {
        "needs": table([NEED, {**NEED, "need": "N2"}]),
        "homes": table([HOME, {**HOME, "home": "H2"}]),
        "lines": table([LINE]),
        **files,
    }
    path.mkdir(parents=True, exist_ok=True)
    for name, content in whole.items():
        if content is not None:
            (path / f"{name}.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def needs(*changes: dict[str, str]) -> str:
    """Return needs.csv with a row for each set of changes."""
    return table([{**NEED, "need": f"N{row}", **change} for row, change in enumerate(changes, start=1)])


def homes(*changes: dict[str, str]) -> str:
    """Return homes.csv with a row for each set of changes."""
    return table([{**HOME, "home": f"H{row}", **change} for row, change in enumerate(changes, start=1)])


def lines(*changes: dict[str, str]) -> str:
    """Return lines.csv with a row for each set of changes."""
    return table([{**LINE, "line": f"L{row}", **change} for row, change in enumerate(changes, start=1)])
