"""Where a run stands while it goes on, what may be asked of the plan, and how far apart two cases are kept."""

from bostad.words import Word, say


class RunStage(Word):
    """What a run does at the moment, in the order in which it does it."""

    READ = "read", say("It reads needs, homes and agreements.")
    ELIGIBILITY = "eligibility", say("It finds out which homes fit whom.")
    SOLVE = "solve", say("It looks for the best plan for everybody.")
    EXPLAIN = "explain", say("It works out the reasons.")
    CHECK = "check", say("The plan is checked.")
    WRITE = "write", say("The proposals are written.")


class Asked(Word):
    """The kinds of questions that begin with: what if."""

    MORE_HOMES = "more_homes", say("One more home a month")
    OTHER_RULE = "other_rule", say("One answer of the need changed")
    THIS_HOME = "this_home", say("This home for this household")


class Apart(Word):
    """How far apart the homes of two cases are."""

    BUILDING = "building", say("Not in the same building")
    DISTRICT = "district", say("Not in the same district")
    MUNICIPALITY = "municipality", say("Not in the same municipality")
