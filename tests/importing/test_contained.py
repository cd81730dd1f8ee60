"""Work on untrusted input ends in time and within its memory."""

import time
from collections.abc import Iterator

import pytest

from bot.contained import BrokenOff, Container


def _double(number: int) -> int:
    return 2 * number


def _forever() -> None:
    while True:
        time.sleep(1)


def _greedy() -> int:
    return len(bytearray(4 * 1024**3))


def _broken() -> None:
    raise ValueError("oh")


@pytest.fixture
def container() -> Iterator[Container]:
    with Container() as opened:
        yield opened


def test_a_call_returns_what_the_function_returns(container: Container) -> None:
    assert [container.call(_double, n) for n in (1, 2)] == [2, 4]


def test_endless_work_is_broken_off_and_the_next_call_works() -> None:
    with Container(seconds=5) as container:
        assert container.call(_double, 1) == 2
        container.seconds = 0.1
        with pytest.raises(BrokenOff):
            container.call(_forever)
        container.seconds = 60
        assert container.call(_double, 2) == 4


def test_greedy_work_is_broken_off_and_the_next_call_works(container: Container) -> None:
    with pytest.raises(BrokenOff):
        container.call(_greedy)
    assert container.call(_double, 2) == 4


def test_a_fault_of_the_function_is_told(container: Container) -> None:
    with pytest.raises(RuntimeError, match="ValueError: oh"):
        container.call(_broken)
    assert container.call(_double, 2) == 4
