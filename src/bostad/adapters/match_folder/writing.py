"""Write a plan as two files: both or neither."""

import csv
import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from bostad.matching.reasons import Placed, Unplaced

PLACEMENTS = ("need", "home", "line", "locked", "misfit", "rooms", "rent", "wishes", "school", "days")
UNPLACED = ("need", "reason", "detail")


def write_plan(out: Path, placed: Sequence[Placed], unplaced: Sequence[Unplaced]) -> None:
    """Put placements.csv and unplaced.csv into a folder, made if need be; raises OSError and leaves all as it was."""
    out = out.resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".bostad-", dir=out if out.is_dir() else out.parent) as beside:
        new = Path(beside, "new")
        new.mkdir()
        _write(new / "placements.csv", PLACEMENTS, map(_placement_row, placed))
        _write(new / "unplaced.csv", UNPLACED, map(_unplaced_row, unplaced))
        if out.exists():
            _replace(out, new, Path(beside, "old"))
        else:
            new.rename(out)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _placement_row(placed: Placed) -> tuple[object, ...]:
    placement, misfit = placed.placement, placed.placement.misfit
    who = (placement.need, placement.home, placement.line)
    if misfit is None:
        return (*who, "yes", "", "", "", "", "", "")
    return (*who, "", misfit.total, misfit.rooms, misfit.rent, misfit.wishes, misfit.school, misfit.days)


def _unplaced_row(unplaced: Unplaced) -> tuple[object, ...]:
    detail = json.dumps(unplaced.detail, ensure_ascii=False) if unplaced.detail else ""
    return unplaced.need.need, unplaced.reason.value, detail


def _replace(out: Path, new: Path, old: Path) -> None:
    """Put the new files over the old ones, and the old ones back if one cannot be put."""
    old.mkdir()
    targets = [out / file.name for file in sorted(new.iterdir())]
    for target in targets:
        if target.is_file():
            shutil.copy2(target, old)
    done: list[Path] = []
    try:
        for target in targets:
            (new / target.name).replace(target)
            done.append(target)
    except OSError:
        for target in done:
            if (old / target.name).exists():
                (old / target.name).replace(target)
            else:
                target.unlink()
        raise
