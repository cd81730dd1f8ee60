"""CSV as people's programs write it."""

import pytest

from core.importing.findings import Findings, Located
from core.importing.tables import MAX_BYTES, Columns, decode, read_rows
from tests.importing.calendars import said

COLUMNS = Columns(("key",), ("given_name", "note"))


def _cells(text: str, findings: Findings) -> list[tuple[int, str, str, str]]:
    rows = read_rows(text, COLUMNS, findings)
    return [(r.line, r.text("key"), r.text("given_name"), r.text("note")) for r in rows]


@pytest.mark.parametrize(
    "text",
    [
        "key,given_name,note\na,Ana,x\n",
        "key;given_name;note\r\na;Ana;x\r\n",
        "KEY , Given Name,  Note\na, Ana ,x",
        "\n\nnote,given-name,key\nx,Ana,a",
        'key;given_name;note\n"a";"Ana";"x"',
        "key,given_name,note,,\na,Ana,x,,\n",
        "key,given_name,note\ra,Ana,x\r",
    ],
)
def test_the_same_table_is_read_from_every_dialect(text: str) -> None:
    findings = Findings("f.csv")
    assert [row[1:] for row in _cells(text, findings)] == [("a", "Ana", "x")]
    assert findings.problems == []


def test_optional_columns_may_be_absent() -> None:
    findings = Findings("f.csv")
    assert _cells("key\na\n", findings) == [(2, "a", "", "")]
    assert findings.problems == []


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    text = 'key,given_name,note\r\na,Ana,"one\r\ntwo\r\n\r\nfour"\r\n\r\nb,Bea,\r\nc,C\r\nd,,"x\ny"\r\ne,E,\r\n'
    findings = Findings("f.csv")
    assert _cells(text, findings) == [
        (2, "a", "Ana", "one two four"),
        (7, "b", "Bea", ""),
        (9, "d", "", "x y"),
        (11, "e", "E", ""),
    ]
    assert said(findings) == [(8, "WrongCellCount")]


def test_a_header_says_everything_that_is_wrong_with_it() -> None:
    findings = Findings("f.csv")
    assert _cells("note,Note,birthday\na,b,c\n", findings) == []
    assert said(findings) == [(1, "RepeatedColumn"), (1, "UnknownColumn"), (1, "MissingColumn")]


@pytest.mark.parametrize("text", ["", "\n \n", ",,\n"])
def test_an_empty_file_is_said_to_be_empty(text: str) -> None:
    findings = Findings("f.csv")
    assert _cells(text, findings) == []
    assert [kind for _, kind in said(findings)] == ["EmptyFile"]


@pytest.mark.parametrize(("text", "line"), [('key\na\n"b', 3), ('key\n"a"b\nc\n', 2), ('"key\n', 1)])
def test_a_quotation_mark_out_of_place_is_found(text: str, line: int) -> None:
    findings = Findings("f.csv")
    assert all(row[1] == "a" for row in _cells(text, findings))
    assert said(findings) == [(line, "BadCsv")]


def test_cells_are_checked() -> None:
    findings = Findings("f.csv")
    text = "key,given_name,note\n" + f"a\u202e,A\x00na,{'x' * 201}\n"
    assert _cells(text, findings) == [(2, "", "", "")]
    assert said(findings) == [(2, "BadCell"), (2, "BadCell"), (2, "CellTooLong")]


def test_a_byte_order_mark_is_no_part_of_the_first_column() -> None:
    assert decode("\ufeffkey\n".encode()) == "key\n"


def test_another_encoding_is_refused_with_its_line() -> None:
    with pytest.raises(Located) as refused:
        decode("key\nok\nGisèle\n".encode("latin-1"))
    assert (refused.value.line, type(refused.value.error).__name__) == (3, "NotUtf8")


def test_a_huge_file_is_refused() -> None:
    with pytest.raises(Located) as refused:
        decode(b"x" * (MAX_BYTES + 1))
    assert type(refused.value.error).__name__ == "TooBig"
