"""What is wrong with the files of an import, by file and line, and what was saved."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.errors import RdvError
from core.message import N_


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding; `line` counts from 1 as an editor does, 0 means the file as a whole."""

    file: str
    line: int
    error: RdvError


@dataclass(slots=True)
class Findings:
    """Collects what is found while one file is read: problems refuse the import, warnings do not."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def add(self, line: int, error: RdvError) -> None:
        """Note a problem."""
        self.problems.append(Problem(self.file, line, error))

    def warn(self, line: int, error: RdvError) -> None:
        """Note something that was read in a way that the writer may not have meant."""
        self.warnings.append(Problem(self.file, line, error))


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of an import: either problems and nothing saved, or how many of what were saved."""

    saved: tuple[tuple[str, int], ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Tell whether the import was saved."""
        return not self.problems


class Refused(RdvError):
    """The import has problems; nothing was saved."""

    message = N_("The import was refused: nothing was saved.")

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__()
        self.problems = tuple(problems)


class Located(Exception):
    """Carries an error and its line out of nested reading; never leaves this package."""

    def __init__(self, line: int, error: RdvError) -> None:
        super().__init__(line, error)
        self.line = line
        self.error = error
