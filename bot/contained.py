"""Running a function on untrusted input in a process of its own, with an end to its time and memory."""

import multiprocessing
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

if sys.platform != "win32":
    import resource

P = ParamSpec("P")
T = TypeVar("T")
_MEGABYTE = 1024 * 1024


class BrokenOff(Exception):
    """The function took too long or too much memory; its process was ended."""


class Container:
    """A context manager around one child process, started at the first call and again after it was broken off."""

    def __init__(self, *, seconds: float = 10, megabytes: int = 768) -> None:
        """Allow each call `seconds`, and the process `megabytes` of address space where the system can limit it."""
        self.seconds = seconds
        self._megabytes = megabytes
        self._child: tuple[multiprocessing.process.BaseProcess, Connection[Any, Any]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._end()

    def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what the function returns; it is a module's own, and all it takes and gives can be pickled.

        Raises BrokenOff; RuntimeError if the function raised, which it should not.
        """
        connection = self._connection()
        answer: tuple[Any, str] | None
        try:
            connection.send((function, args, kwargs))
            answer = connection.recv() if connection.poll(self.seconds) else None
        except (EOFError, OSError):
            answer = None
        if answer is None:
            self._end()
            raise BrokenOff
        result: T = answer[0]
        if answer[1]:
            raise RuntimeError(answer[1])
        return result

    def _connection(self) -> "Connection[Any, Any]":
        if self._child is None:
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, self._megabytes * _MEGABYTE), daemon=True)
            process.start()
            theirs.close()
            self._child = process, ours
        return self._child[1]

    def _end(self) -> None:
        if self._child is not None:
            process, connection = self._child
            self._child = None
            connection.close()
            process.kill()
            process.join()
            process.close()


def _serve(connection: "Connection[Any, Any]", memory: int) -> None:
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with suppress(EOFError, MemoryError, KeyboardInterrupt):
        while True:
            function, args, kwargs = connection.recv()
            try:
                answer = (function(*args, **kwargs), "")
            except MemoryError:
                raise
            except Exception as error:  # told to the parent, where it is raised
                answer = (None, f"{type(error).__name__}: {error}")
            connection.send(answer)
