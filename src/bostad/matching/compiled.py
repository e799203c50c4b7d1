"""Compile the few loops that numpy cannot say. Importing numba takes half a second, so the web never loads this.

Numba keeps what it compiled as long as the file of that one function stays as it is, though functions of other files
are compiled into it and tuples of other files are named by it. So each version of this package has a folder of its own.
"""

import re
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryFile
from typing import Any, TypeVar, cast

import numba
from numba import config, njit
from numba.misc.appdirs import AppDirs

Function = TypeVar("Function", bound=Callable[..., object])
HERE = Path(__file__).parent
NAMED = re.compile(r"bostad-[0-9a-f]{8}")
SETTINGS = vars(config)
"""Numba puts them there as it is loaded."""


def version_of(sources: Path) -> str:
    """Return the name of the folder for what is compiled from these files, by this numba: another for any change."""
    total = zlib.crc32(numba.__version__.encode())
    for source in sorted(sources.glob("*.py")):
        total = zlib.crc32(source.read_bytes(), zlib.crc32(source.name.encode(), total))
    return f"bostad-{total:08x}"


def folder_in(places: Iterable[Path], name: str) -> Path | None:
    """Return the folder of that name in the first place that can be written to, made anew if need be.

    When it is made, those of other versions beside it go. A process of another version that is still at work makes its
    own again when it next compiles something.
    """
    for place in places:
        folder = place / name
        try:
            new = not folder.is_dir()
            folder.mkdir(parents=True, exist_ok=True)
            TemporaryFile(dir=folder).close()
        except OSError:
            continue
        for other in place.iterdir() if new else ():
            if NAMED.fullmatch(other.name) and other != folder:
                rmtree(other, ignore_errors=True)
        return folder
    return None


def _places() -> list[Path]:
    """Return where numba would keep things: where it is told to, or beside the sources, or else with the user."""
    if SETTINGS["CACHE_DIR"]:
        return [Path(SETTINGS["CACHE_DIR"])]
    users: Any = AppDirs
    return [HERE / "__pycache__", Path(users(appname="numba", appauthor=False).user_cache_dir)]


FOLDER = folder_in(_places(), version_of(HERE))
if FOLDER is not None:
    SETTINGS["CACHE_DIR"] = str(FOLDER)


def compiled(function: Function) -> Function:
    """Compile a function when it is first called; without a folder to keep it in, every process does so for itself."""
    return cast("Function", njit(cache=FOLDER is not None, nogil=True)(function))
