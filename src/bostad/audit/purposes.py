"""What somebody reads for: a closed list, written with every reading (S66)."""

from bostad.words import Word, say


class Purpose(Word):
    """Why a person had a page before her."""

    CASE_WORK = "case_work", say("Work with one's own case")
    STANDING_IN = "standing_in", say("Standing in for a colleague")
    EMERGENCY = "emergency", say("Opened in an emergency")
    LEADING = "leading", say("Leading the unit")
    ANSWERING = "answering", say("The company's answer to a proposal")
    REVIEW = "review", say("Review of the log")
    OVERSIGHT = "oversight", say("Data protection")
    INCIDENT = "incident", say("Inquiry into an incident")
