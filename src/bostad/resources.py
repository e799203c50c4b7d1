"""Where the files beside the code are: inside the installed package, or beside `src` in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent.parent


def resource(name: str) -> Path:
    """Find a folder of templates, migrations, examples, static files or translations.

    Raises FileNotFoundError with what to run when it is not there.
    """
    for place in (_PACKAGE / name, _CHECKOUT / name):
        if place.is_dir():
            return place
    message = f"The folder {name!r} is missing: run `make setup`, or install bostad again."
    raise FileNotFoundError(message)
