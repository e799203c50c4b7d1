"""Schools and places: the same for everybody."""

from collections.abc import Mapping

from bostad.zones.logins import Login
from bostad.zones.ways import EVERY, SIGNED_IN, Table, Way, Zone, read_of

TABLES: Mapping[str, Table] = {
    "school": Table(
        Zone.REFERENCE,
        {
            Login.SOCIAL: Way(SIGNED_IN, None, EVERY, EVERY, EVERY, writes="(select who_role()) = 'administrator'"),
            Login.HOUSING: Way(SIGNED_IN, None, EVERY, EVERY, EVERY, writes="(select who_role()) = 'administrator'"),
            Login.WORKER: read_of(),
        },
    ),
    "place": Table(
        Zone.REFERENCE,
        {
            Login.SOCIAL: Way(SIGNED_IN, None, EVERY, EVERY, EVERY),
            Login.WORKER: read_of(),
        },
    ),
}
