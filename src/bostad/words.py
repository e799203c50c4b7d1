"""What people read: sentences to translate when shown, and closed lists whose members carry their label."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Self


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English msgid and the facts that go into it; translated only where it is shown."""

    msgid: str
    facts: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def __str__(self) -> str:
        """Give the English sentence."""
        return self.msgid % self.facts


def say(msgid: str, **facts: object) -> Sentence:
    """Mark a sentence for the message catalogue; `%(name)s` in it is filled from the facts."""
    return Sentence(msgid, MappingProxyType(facts))


class Word(StrEnum):
    """A closed list: each member is its stored value and carries the label that people see."""

    label: Sentence

    def __new__(cls, value: str, label: Sentence = Sentence("")) -> Self:
        """Make a member from its stored value and its label; looking a member up takes the value alone."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
