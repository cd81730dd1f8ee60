"""What can be wrong with a calendar file, each in words for a person; the edge translates them."""

from dataclasses import dataclass

from core.importing.problems import ImportProblem
from core.message import N_


class NotACalendar(ImportProblem):
    """It does not begin as an iCalendar file does."""

    message = N_("This is not a calendar file: it must begin with BEGIN:VCALENDAR.")


@dataclass(eq=False)
class TooManyComponents(ImportProblem):
    """More than is read."""

    limit: int
    message = N_("This calendar is too big: at most {limit} events and other parts are read.")


@dataclass(eq=False)
class LineTooLong(ImportProblem):
    """A line past its limit."""

    kilobytes: int
    message = N_("This line is too long: at most {kilobytes} KB are read.")


@dataclass(eq=False)
class NestedTooDeep(ImportProblem):
    """Parts within parts."""

    limit: int
    message = N_("The parts of this calendar are nested too deep: at most {limit} levels are read.")


@dataclass(eq=False)
class Unbalanced(ImportProblem):
    """A BEGIN without its END, or the other way round."""

    kind: str
    message = N_("BEGIN and END do not match here: {kind}.")


class BadLine(ImportProblem):
    """A line that is no property."""

    message = N_("This line is not a calendar property.")


@dataclass(eq=False)
class BadProperty(ImportProblem):
    """A property whose value cannot be read."""

    name: str
    message = N_("{name} cannot be read.")


@dataclass(eq=False)
class RepeatedProperty(ImportProblem):
    """A property that may be there only once."""

    name: str
    message = N_("{name} is there twice.")


@dataclass(eq=False)
class MissingProperty(ImportProblem):
    """A property that must be there."""

    name: str
    message = N_("{name} is missing.")


@dataclass(eq=False)
class OutOfTime(ImportProblem):
    """A date that no agenda needs."""

    name: str
    first: int
    last: int
    message = N_("{name} lies outside the years {first} to {last}.")


@dataclass(eq=False)
class EventTooLong(ImportProblem):
    """One event of more than a year."""

    days: int
    message = N_("This event lasts too long: at most {days} days are read.")


@dataclass(eq=False)
class TooManyInstances(ImportProblem):
    """It repeats too often."""

    limit: int
    message = N_("This event repeats too often: at most {limit} times are read.")


class EndBeforeStart(ImportProblem):
    """The end is not after the start."""

    message = N_("It does not end after it starts.")


@dataclass(eq=False)
class RuleInOtherZone(ImportProblem):
    """A recurring range whose wall time would move at a clock change."""

    zone: str
    own: str
    message = N_(
        "A range that repeats in the time zone {zone} would move by an hour at the clock changes of {own}. "
        "Write it in {own}."
    )


@dataclass(eq=False)
class ZoneGuessed(ImportProblem):
    """A warning: a TZID that is no zone was taken for the worker's."""

    zone: str
    own: str
    message = N_("The time zone “{zone}” is unknown: its times were read in {own}.")


class ThisAndFuture(ImportProblem):
    """A change to one range and all later ones."""

    message = N_("A range that changes from one day on (RANGE=THISANDFUTURE) must be written as two ranges.")


class MixedCalendar(ImportProblem):
    """Both forms of availability in one file."""

    message = N_("A file of availability holds either VAVAILABILITY or plain events, not both.")


class Priorities(ImportProblem):
    """VAVAILABILITY in layers."""

    message = N_("VAVAILABILITY parts with different PRIORITY are not read: write one.")


class OutsideItsBounds(ImportProblem):
    """An AVAILABLE that its VAVAILABILITY does not hold."""

    message = N_("This range is not inside the DTSTART and DTEND of its VAVAILABILITY.")


@dataclass(eq=False)
class TakesTooLong(ImportProblem):
    """The reading was broken off."""

    seconds: int
    message = N_("Reading this calendar was broken off: it takes more than {seconds} seconds, or too much memory.")
