"""What can be refused, each with a message for a person; the edge translates it.

A message names its parameters in braces; they are the attributes of the error.
"""

from dataclasses import dataclass
from typing import ClassVar

from core.message import N_


class RdvError(Exception):
    """Base of all refusals."""

    message: ClassVar[str] = N_("Something went wrong. Nothing was changed.")


class NotFound(RdvError):
    """The thing asked for does not exist, or may not be known to exist by who asks."""

    message = N_("This can no longer be found.")


@dataclass(eq=False)
class CaseNotFound(NotFound):
    """No such case, or a confidential one that is not the asker's."""

    number: int | str
    message = N_(
        "There is no case no. {number} that you can open. Check the number, or ask its lead to name you on it."
    )


class NotAllowed(RdvError):
    """The person may not do this."""

    message = N_("You cannot do this: only the people in charge of this appointment can.")


class ForManagers(NotAllowed):
    """Figures of everybody's occupation are asked for by someone who manages nobody."""

    message = N_("These figures are for managers. Ask the person who looks after rdv to make you one.")


class NotInvited(NotAllowed):
    """Someone answers who was not invited."""

    message = N_("You are not invited to this appointment, so there is nothing to answer.")


class Stale(RdvError):
    """The click came from an old version of the card; nothing was done, the fresh card follows."""

    message = N_("This card had changed in the meantime. Here it is as it stands now; nothing was done.")


class AnsweredAlready(Stale):
    """The same answer again, from a card that has not changed yet: a double click."""

    message = N_("Your answer is already recorded: one click was enough.")


class Ended(RdvError):
    """The appointment was cancelled or deleted."""

    message = N_("This appointment was cancelled or deleted. Nothing more can be answered or changed.")


class Started(RdvError):
    """The appointment has begun or is over."""

    message = N_("This appointment has already begun. It can no longer be answered or changed.")


class TooLateToUndo(RdvError):
    """The time for Undo has run out."""

    message = N_("It is too late to undo: the others have already been told.")


class InvalidTime(RdvError):
    """The base of times that cannot be booked."""

    message = N_("This time cannot be booked.")


class InThePast(InvalidTime):
    """The time lies before now."""

    message = N_("This time is in the past. Choose a later one.")


class TooFarAhead(InvalidTime):
    """The time lies beyond the horizon within which agendas are known."""

    message = N_("This day is too far ahead. Choose one within the next twelve months.")


class EndsBeforeItStarts(InvalidTime):
    """The end is not after the start, or the appointment lasts 0 minutes."""

    message = N_("The end must come after the start.")


@dataclass(eq=False)
class SkippedTime(InvalidTime):
    """A clock change skips the time that was typed; `time` is "HH:MM"."""

    time: str
    message = N_("At {time} the clocks change that day: this time does not exist. Choose an earlier or a later one.")


class PeriodTooLong(InvalidTime):
    """Figures are asked for over more than a year."""

    message = N_("Choose a period of at most one year.")


class RangeTooLong(InvalidTime):
    """A range of more than a day."""

    message = N_("An availability range lasts at most 24 hours.")


class AbsenceTooLong(InvalidTime):
    """An absence of more than a year."""

    message = N_("An absence lasts at most a year. Enter two.")


@dataclass(eq=False)
class OutOfYears(InvalidTime):
    """A day that no agenda needs."""

    first: int
    last: int
    message = N_("Choose a day within the years {first} to {last}.")


class TooLong(InvalidTime):
    """It lasts more than 12 hours."""

    message = N_("An appointment lasts at most 12 hours.")


@dataclass(eq=False)
class SlotTaken(RdvError):
    """The main worker's time is claimed by another appointment: the database refused."""

    worker_id: int
    message = N_("This time has just been taken.")


@dataclass(eq=False)
class OutsideAvailability(RdvError):
    """A colleague cannot be booked outside his ranges (rule 2)."""

    worker_id: int
    message = N_("This time is outside that person's availability.")


@dataclass(eq=False)
class Held(SlotTaken):
    """Someone else has this slot chosen in an open form."""

    message = N_("A colleague is just booking this time. Take another one, or try again in a few minutes.")


@dataclass(eq=False)
class Away(RdvError):
    """A colleague cannot be booked on an absence or a public holiday of his (rule 3)."""

    worker_id: int
    message = N_("This person is away at this time.")


class TooManyRanges(RdvError):
    """A worker has as many ranges as he may have."""

    message = N_("There are too many availability ranges already. Delete some, or use one that repeats.")


@dataclass(eq=False)
class TooManyKinds(RdvError):
    """A range that is for more kinds of appointment than are kept."""

    limit: int
    message = N_("A range is for at most {limit} kinds of appointment.")


class UnknownRule(RdvError):
    """A rule of repetition that means nothing, or repeats more often than daily."""

    message = N_("This repetition cannot be used. Choose one of those offered.")


@dataclass(eq=False)
class BadFrequency(UnknownRule):
    """It repeats by the hour or faster than is read."""

    frequency: str
    message = N_("An event cannot repeat with FREQ={frequency} here.")


@dataclass(eq=False)
class BadRule(UnknownRule):
    """An RRULE that cannot be read."""

    rule: str
    message = N_("The rule of repetition cannot be read: {rule}.")


@dataclass(eq=False)
class BadRulePart(UnknownRule):
    """A part of an RRULE that an availability range does not keep."""

    part: str
    message = N_("An availability range cannot repeat with {part}.")


@dataclass(eq=False)
class StartOffRule(UnknownRule):
    """The first day is not one of the days of its own rule."""

    day: str
    message = N_("The first day, {day}, is not one of the days of its own rule of repetition.")


@dataclass(eq=False)
class UnknownZone(RdvError):
    """A name that is no time zone's."""

    zone: str
    message = N_("The time zone “{zone}” is unknown.")


@dataclass(eq=False)
class UnknownLanguage(RdvError):
    """A language in which nothing is said."""

    locale: str
    message = N_("The language “{locale}” is unknown.")


@dataclass(eq=False)
class TooManyReminders(RdvError):
    """More reminders of one appointment than anybody needs."""

    limit: int
    message = N_("Choose at most {limit} reminders.")


@dataclass(eq=False)
class BadReminder(RdvError):
    """A reminder outside the bounds: `least` in minutes, `most` in days before the start."""

    least: int
    most: int
    message = N_("A reminder comes between {least} minutes and {most} days before the appointment.")


class DecidedAlready(Stale):
    """The question on the card was answered before."""

    message = N_("This request has already been answered.")


class ProposalWithdrawn(Stale):
    """Who proposed another time has answered otherwise since, proposed something else, or is no longer concerned."""

    message = N_("This other time is no longer proposed. Nothing was changed.")


class AppointmentMoved(Stale):
    """The appointment that a proposal speaks of has another time or main worker by now."""

    message = N_("The appointment has been moved in the meantime. Nothing was changed.")


class OrganiserGone(Stale):
    """Who would decide on another time is no longer among the workers."""

    message = N_("The person who organised this appointment has left. Ask the main worker to move it.")


class NotEveryoneFree(RdvError):
    """Someone whom the appointment needs is not free at a time that was offered as free for all."""

    message = N_("Someone is no longer free at this time. Choose another one.")


class SameWorker(RdvError):
    """An appointment is to be given to who has it already."""

    message = N_("This is already the main worker. Choose someone else.")


class AskerGone(RdvError):
    """Who asked for an opening may no longer book what he asked for."""

    message = N_("The person who asked can no longer book this.")


class BadText(RdvError):
    """Text with control characters or bidirectional overrides."""

    message = N_("This text holds invisible control characters. Type it again without them.")


@dataclass(eq=False)
class TextTooLong(RdvError):
    """Text past its limit, in characters."""

    limit: int
    length: int
    message = N_("This text is too long: {length} characters, at most {limit} are possible.")


class MissingChoice(RdvError):
    """A booking without its main worker, time or any concerned party."""

    message = N_("Choose at least one concerned party.")


@dataclass(eq=False)
class PlaceExists(RdvError):
    """A place of that name and kind exists already."""

    place_id: int
    message = N_("This place exists already: choose it in the list.")


class LastAccount(RdvError):
    """Nothing would be left that notices can go to."""

    message = N_("You would no longer be reached anywhere: link another account first, or turn its notices on again.")


class CodeUnknown(RdvError):
    """No such code, or one that was used or is too old: which of them is not said."""

    message = N_("This code is not valid, or no longer. Ask for a new one in the chat where you are known: “rdv link”.")


@dataclass(eq=False)
class AccountTaken(RdvError):
    """The account is another worker's."""

    name: str
    message = N_("This account is linked to {name}, who must unlink it first: “rdv accounts”.")


class OnlyInPrivate(RdvError):
    """Others read along."""

    message = N_("This is done only in our private conversation: others read along here.")


class DuplicateDelivery(RdvError):
    """Another transaction has just committed this delivery; storage runs the work again."""


class VersionConflict(RdvError):
    """A compare-and-swap lost; storage runs the work again, on what is there now."""
