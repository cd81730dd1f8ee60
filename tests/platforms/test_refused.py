"""What is not the vendor's, or is broken, is refused: logged without content, and nothing is done."""

import json

import pytest

from handlers import ui
from tests.platforms.harness import Bench

SECRET = "Gisèle LAFRAISE"
MEGABYTE = 1024 * 1024
CARD_ACTION = "adaptiveCard/action"
OPENS = ui.Button(ui.ActionRef("do", "1.2"), "Faire")
CARD = ui.Card("Titre", (), (OPENS,), neutral="Rendez-vous")
BROKEN = {
    "no JSON": f"{SECRET} {{".encode(),
    "no text": b"\xff\xfe\x00" + SECRET.encode("utf-16"),
    "nothing": b"",
    "a list": json.dumps([SECRET]).encode(),
    "a number": b"7",
    "another shape": json.dumps({"type": "invoke", "update_id": SECRET, "payload": SECRET, "value": [SECRET]}).encode(),
    "a deep nest": b"[" * 100_000,
    "a megabyte of card": json.dumps(
        {"type": "invoke", "name": "adaptiveCard/action", "value": SECRET * 80_000}
    ).encode(),
    "a megabyte of nothing": b" " * MEGABYTE,
}


ANOTHER = {"another shape", "a megabyte of card"}
"""What Slack is told to have been heard: an event of a kind that we know nothing of."""


async def test_what_is_broken_is_refused(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    await bench.messenger.post(bench.account, CARD)
    before = await bench.screen()
    for what, body in BROKEN.items():
        status = await bench.send(body)
        await bench.hall.answered()
        assert 400 <= status < 500 or (bench.name, status, what in ANOTHER) == ("slack", 200, True), what
    assert bench.script.heard == []
    assert await bench.screen() == before
    logged = capsys.readouterr()
    assert "Gisèle" not in logged.out + logged.err


async def test_what_the_vendor_did_not_sign_is_refused(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    for what, body in BROKEN.items():
        assert await bench.send(body, trusted=False) in {400, 401, 403, 413}, what
    assert bench.script.heard == []
    logged = capsys.readouterr()
    assert "Gisèle" not in logged.out + logged.err
