"""Every door of the house in one list: a new controller gets its line here."""

from bostad.web.accounts import MeController, UnitsController, UsersController
from bostad.web.sign_in import SIGN_IN
from bostad.web.start import accessibility, front_door, live, ready

CONTROLLERS = (
    front_door,
    accessibility,
    live,
    ready,
    *SIGN_IN,
    MeController,
    UnitsController,
    UsersController,
)
