"""The reservation under which a private landlord is told anything at all (OSL 10:14), as it is read and confirmed."""

from bostad.words import Sentence, say

RESERVATION = "2026-11"
"""Which text this is; it is kept with each card and each confirmation, and a new text is a new one of these."""

TEXTS: dict[str, tuple[Sentence, ...]] = {
    RESERVATION: (
        say(
            "The social board discloses what stands on this card with a reservation, under chapter 10, section 14 of"
            " the Public Access to Information and Secrecy Act."
        ),
        say("You may use it only to decide about this home and to draw up the contract."),
        say("You may not tell it to anybody else, and not keep it when the matter is closed."),
        say("The duty of silence is yours in person, and it lasts also when you no longer work here."),
    )
}


def reservation_of(version: str) -> tuple[Sentence, ...]:
    """Give the text of a version in sentences; the one that holds now where a version is no longer known."""
    return TEXTS.get(version, TEXTS[RESERVATION])
