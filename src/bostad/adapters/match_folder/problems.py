"""What is wrong with a folder, gathered until everything is read."""

from collections.abc import Iterable

SHOWN = 50


class BadFolder(ValueError):
    """A folder that cannot be used; `lines` says why, one sentence for each bad cell, the first of them only."""

    def __init__(self, complaints: Iterable[str]) -> None:
        """Keep the first complaints and count the rest."""
        every = list(complaints)
        rest = len(every) - SHOWN
        self.lines = every[:SHOWN] + ([f"... and {rest} more"] if rest > 0 else [])
        super().__init__("\n".join(self.lines))


class Findings:
    """Complaints, which stop the run, and warnings, which do not."""

    def __init__(self) -> None:
        """Start with none."""
        self._complaints: list[tuple[str, int, str]] = []
        self.warnings: list[str] = []
        self.in_doubt: set[str] = set()
        """Files of which a part could not be read: what they do not name may stand in that part."""

    def complain(self, file: str, line: int | None, about: str) -> None:
        """Note what is wrong in a line of a file, or with the file as a whole."""
        where = file if line is None else f"{file}:{line}"
        self._complaints.append((file, line or 0, f"{where}: {about}"))

    def cannot_read(self, file: str, line: int | None, about: str) -> None:
        """Note that a file, or a row of it, cannot be made out at all."""
        self.in_doubt.add(file)
        self.complain(file, line, about)

    def warn(self, about: str) -> None:
        """Note what a person should know though the run goes on."""
        self.warnings.append(about)

    def stop_if_any(self, files: Iterable[str]) -> None:
        """Raise BadFolder if anything is wrong, file by file in the given order, from the top down."""
        place = {file: number for number, file in enumerate(files)}
        in_order = sorted(self._complaints, key=lambda found: (place.get(found[0], -1), found[1]))
        if in_order:
            raise BadFolder(sentence for _, _, sentence in in_order)
