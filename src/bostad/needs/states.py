"""The states of a need and the sections of its task list."""

from bostad.words import Word, say


class NeedState(Word):
    """Where a need stands; what happens with a home is the placement's own story."""

    DRAFT = "draft", say("Draft")
    OPEN = "open", say("Open")
    PAUSED = "paused", say("Paused")
    HOUSED = "housed", say("Moved in")
    CLOSED = "closed", say("Closed")


class Section(Word):
    """The parts of a need, filled in in any order."""

    HOUSEHOLD = "household", say("The household")
    STAY = "stay", say("Where they live now")
    HOME = "home", say("The home they need")
    SAFETY = "safety", say("What the home must have")
    AVOID = "avoid", say("What to avoid")
    PRIORITY = "priority", say("Risk and waiting time")


class SectionState(Word):
    """The few states of a task list (U23)."""

    DONE = "done", say("Done")
    STARTED = "started", say("Started")
    NOT_STARTED = "not_started", say("Not started")
    CANNOT_START = "cannot_start", say("Cannot start yet")


class PausedBecause(Word):
    """Why matching leaves a need alone for now."""

    BY_WORKER = "by_worker", say("Paused by the social worker")
    NO_ANSWER = "no_answer", say("No answer was given in time")
    TO_REVIEW = "to_review", say("The need must be looked over after a declined proposal")
    CONSENT = "consent", say("Consent was withdrawn or has ended")


class ClosedBecause(Word):
    """Why a case ended without a home from here; a closed list, no free text."""

    SOLVED_OTHERWISE = "solved_otherwise", say("Found a home another way")
    STAYED = "stayed", say("Could stay in the home")
    MOVED = "moved", say("Moved to another municipality")
    RETURNED = "returned", say("Returned to the former home")
    WITHDREW = "withdrew", say("The household withdrew")
    MISTAKE = "mistake", say("Registered by mistake")
