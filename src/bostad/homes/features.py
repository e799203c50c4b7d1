"""The vocabulary of features, one list for needs, homes and agreements."""

from bostad.words import Word, say


class Feature(Word):
    """What a home can have. The codes are those of `matching.problem.FEATURES`; a test holds the two together."""

    ABOVE_GROUND_FLOOR = "above_ground_floor", say("Above the ground floor")
    NOT_REACHABLE = "not_reachable_from_ground", say("Windows and balcony cannot be reached from outside")
    DOOR_CODE = "door_code", say("Door code at the entrance")
    INTERCOM = "intercom", say("Intercom")
    SECURITY_DOOR = "security_door", say("Security door")
    PEEPHOLE = "peephole", say("Peephole")
    LIFT = "lift", say("Lift")
    STEP_FREE = "step_free", say("Step-free from street to flat")
    SECOND_WAY_OUT = "second_way_out", say("A second way out")
    LOCKABLE_ROOM = "lockable_room", say("A room that can be locked")
    PETS = "pets", say("Pets allowed")
    BALCONY = "balcony", say("Balcony")
    PARKING = "parking", say("Parking")
    BATHTUB = "bathtub", say("Bathtub")
    LAUNDRY_IN_HOME = "laundry_in_home", say("Washing machine in the home")


SAFETY = frozenset(
    {
        Feature.ABOVE_GROUND_FLOOR,
        Feature.NOT_REACHABLE,
        Feature.DOOR_CODE,
        Feature.INTERCOM,
        Feature.SECURITY_DOOR,
        Feature.PEEPHOLE,
        Feature.SECOND_WAY_OUT,
        Feature.LOCKABLE_ROOM,
    }
)
# Read from the floor, never stated by itself.
STATED = tuple(feature for feature in Feature if feature is not Feature.ABOVE_GROUND_FLOOR)
