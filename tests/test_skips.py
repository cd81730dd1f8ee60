"""On CI a skipped test has failed, unless it says that it may be skipped."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SKIPPED = {
    "mark": "@pytest.mark.skip(reason='no server')\ndef test_it():\n    assert True\n",
    "call": "def test_it():\n    pytest.skip('no server')\n",
    "fixture": "@pytest.fixture\ndef it():\n    pytest.skip('no server')\n\ndef test_it(it):\n    assert it\n",
}
MODULE = {"module": "pytest.skip('no server', allow_module_level=True)\n"}
PASSING = {
    "allowed": "@pytest.mark.may_skip\ndef test_it():\n    pytest.skip('only here')\n",
    "expected": "@pytest.mark.xfail(reason='known')\ndef test_it():\n    assert False\n",
    "sound": "def test_it():\n    assert True\n",
}


def run(directory: Path, tests: dict[str, str], *, on_ci: bool) -> tuple[int, str]:
    for name, text in tests.items():
        (directory / f"test_{name}.py").write_text(f"import pytest\n{text}")
    (directory / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\n")
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "CI": "true" if on_ci else "",
        "PYTEST_PLUGINS": "tests.skips",
    }
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:asyncio", "-rA", str(directory)]
    done = subprocess.run(command, env=environment, cwd=directory, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_skipped_tests_fail_on_ci_and_the_others_do_not(tmp_path: Path) -> None:
    code, report = run(tmp_path, SKIPPED | PASSING, on_ci=True)
    assert code == 1, report
    failed = {
        name for name in SKIPPED | PASSING if f"FAILED test_{name}.py" in report or f"ERROR test_{name}.py" in report
    }
    assert failed == set(SKIPPED), report


def test_a_module_that_skips_itself_fails_on_ci(tmp_path: Path) -> None:
    code, report = run(tmp_path, MODULE, on_ci=True)
    assert code == 2, report
    assert "skipped on CI: " in report
    assert "no server" in report


def test_skipped_tests_are_skipped_elsewhere(tmp_path: Path) -> None:
    code, report = run(tmp_path, SKIPPED | PASSING | MODULE, on_ci=False)
    assert code == 0, report
    assert "5 skipped" in report
