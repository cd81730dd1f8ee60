"""What can be wrong with a file of an import, each in words for a person; the edge translates them."""

from dataclasses import dataclass

from core.errors import RdvError
from core.message import N_


class ImportProblem(RdvError):
    """Base of all problems of an import."""


class NotUtf8(ImportProblem):
    """The bytes are not UTF-8."""

    message = N_("This file is not in UTF-8. Save it as “CSV UTF-8” and try again.")


@dataclass(eq=False)
class TooBig(ImportProblem):
    """The file is larger than an import reads."""

    megabytes: int
    message = N_("This file is too big: at most {megabytes} MB are read.")


class EmptyFile(ImportProblem):
    """No header row."""

    message = N_("This file is empty: its first line must name the columns.")


class BadCsv(ImportProblem):
    """A quotation mark out of place."""

    message = N_("This line is not valid CSV: a quotation mark is not closed, or stands in the wrong place.")


@dataclass(eq=False)
class MissingColumn(ImportProblem):
    """A required column is not in the header."""

    column: str
    message = N_("The column “{column}” is missing.")


@dataclass(eq=False)
class UnknownColumn(ImportProblem):
    """The header names a column that means nothing here."""

    column: str
    known: str
    message = N_("There is no column “{column}” in this file. Known columns: {known}.")


@dataclass(eq=False)
class RepeatedColumn(ImportProblem):
    """The header names a column twice."""

    column: str
    message = N_("The column “{column}” is there twice.")


@dataclass(eq=False)
class WrongCellCount(ImportProblem):
    """A row with more or fewer cells than the header."""

    found: int
    expected: int
    message = N_("This line has {found} cells, but the header has {expected}.")


@dataclass(eq=False)
class MissingValue(ImportProblem):
    """A required cell is empty."""

    column: str
    message = N_("“{column}” is empty.")


@dataclass(eq=False)
class BadChoice(ImportProblem):
    """A cell holds none of the values it may hold."""

    column: str
    value: str
    choices: str
    message = N_("“{value}” is not possible for “{column}”. Possible are: {choices}.")


@dataclass(eq=False)
class BadDate(ImportProblem):
    """Not a date, or not one on which a living person was born."""

    column: str
    value: str
    message = N_("“{value}” is not a date of birth for “{column}”. Write it as 2000-12-31.")


@dataclass(eq=False)
class BadNumber(ImportProblem):
    """Not a case number."""

    column: str
    value: str
    message = N_("“{value}” is not a whole number from 1 to 2147483647 for “{column}”.")


@dataclass(eq=False)
class BadEmail(ImportProblem):
    """Not an e-mail address."""

    value: str
    message = N_("“{value}” is not an e-mail address.")


@dataclass(eq=False)
class BadHandle(ImportProblem):
    """Not a handle."""

    value: str
    message = N_("“{value}” is not a handle: use letters, digits, points, hyphens and underscores, without spaces.")


@dataclass(eq=False)
class BadKey(ImportProblem):
    """A key that could not be named in a list."""

    column: str
    value: str
    message = N_("“{value}” is not possible for “{column}”: it must not contain “|”.")


@dataclass(eq=False)
class BadZone(ImportProblem):
    """Not an IANA time zone."""

    value: str
    message = N_("“{value}” is not a time zone. Write it as Europe/Brussels.")


@dataclass(eq=False)
class BadRegion(ImportProblem):
    """Not a country or region whose public holidays are known."""

    value: str
    message = N_("“{value}” is not a country or region whose public holidays are known. Write it as BE or FR-57.")


@dataclass(eq=False)
class BadCell(ImportProblem):
    """Invisible control characters."""

    column: str
    message = N_("“{column}” holds invisible control characters.")


@dataclass(eq=False)
class CellTooLong(ImportProblem):
    """Text past its limit."""

    column: str
    length: int
    limit: int
    message = N_("“{column}” is too long: {length} characters, at most {limit} are possible.")


@dataclass(eq=False)
class NotForThisKind(ImportProblem):
    """A value that this kind of contact does not keep."""

    column: str
    kind: str
    message = N_("A contact of the kind “{kind}” has no “{column}”: leave it empty.")


@dataclass(eq=False)
class Duplicate(ImportProblem):
    """The same key twice in one import."""

    column: str
    value: str
    first_file: str
    first_line: int
    message = N_("“{value}” is there twice for “{column}”: see {first_file}, line {first_line}.")


@dataclass(eq=False)
class EmailTaken(ImportProblem):
    """The address belongs to another worker already."""

    value: str
    handle: str
    message = N_("The e-mail address {value} already belongs to “{handle}”.")


@dataclass(eq=False)
class UnknownWorker(ImportProblem):
    """A handle that is neither in the files nor in the database."""

    value: str
    message = N_("There is no worker “{value}”, neither in these files nor among those known.")


@dataclass(eq=False)
class UnknownClient(ImportProblem):
    """A key that is in no clients file of this import."""

    value: str
    message = N_("There is no client “{value}” in the clients file of this import.")


@dataclass(eq=False)
class UnknownContact(ImportProblem):
    """A key that is in no contacts file of this import, or not as a personal contact."""

    value: str
    message = N_("There is no personal contact “{value}” in the contacts file of this import.")


@dataclass(eq=False)
class UnknownPlace(ImportProblem):
    """A location that is neither in the files nor in the database."""

    value: str
    message = N_("There is no place “{value}”, neither in these files nor among those known.")


@dataclass(eq=False)
class AmbiguousPlace(ImportProblem):
    """A name that two places of different kinds bear."""

    value: str
    labels: str
    message = N_("“{value}” may be several places: write one of {labels}.")


class UnknownFile(ImportProblem):
    """A .csv or .ics file whose name does not say what it holds."""

    message = N_(
        "The name of this file does not say what it holds. Known are: workers.csv, clients.csv, contacts.csv, "
        "places.csv, cases.csv, availability/<handle>.ics, external/<handle>.ics."
    )


class NothingToImport(ImportProblem):
    """No file to read."""

    message = N_("There is nothing to import here.")


@dataclass(eq=False)
class Unreadable(ImportProblem):
    """The system refuses to read it; `reason` is its own word for why."""

    reason: str
    message = N_("This file cannot be read: {reason}.")


@dataclass
class LeftOutside(ImportProblem):
    """A warning: an appointment, on the worker's clock, that lay inside his availability before the import."""

    time: str
    number: int
    message = N_("The appointment of {time}, case no. {number}, now lies outside the availability.")
