"""JSON is read the same however much of it there was before."""

from __future__ import annotations

import json
import math
import sys

import pytest

from annotations.storage import decoder
from annotations.storage.decoder import decoded


@pytest.fixture(params=[0, 10_000_000], autouse=True)
def before(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many bytes were read already, so that the standard library reads, or C does."""
    monkeypatch.setattr(decoder._Run, "total", request.param)


@pytest.mark.parametrize(
    "words",
    [
        '{"a": 1, "b": [1.5e3, -0.0, 0.1, "\\ud83d\\ude00é"], "a": true}',
        "123456789012345678901234567890",
        "[9223372036854775807, 18446744073709551615, 18446744073709551616, -9223372036854775809]",
        "[1e400, 1E-400, 0.30000000000000004, 12345678901234567890.5]",
        '"\\ud800 alone, \\udc00 too"',
        '"\u2028\u0085"',
        "[" * 500 + "]" * 500,
    ],
)
def test_json_is_what_the_standard_library_takes_it_for(words: str) -> None:
    found = decoded(words.encode())
    assert found == json.loads(words)
    assert repr(found) == repr(json.loads(words))


@pytest.mark.parametrize("words", ["NaN", "[Infinity]", '{"a": -Infinity}', "01", "{'a': 1}", ""])
def test_what_is_no_json_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"number|Expecting|Extra"):
        decoded(words.encode(), is_strict=True)


def test_what_python_wrote_of_a_number_that_is_none_is_read_where_it_may_be() -> None:
    assert math.isnan(decoded(b'{"score": NaN}')["score"])


def test_what_reads_in_c_is_not_loaded_for_a_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoder._Run, "total", 0)
    monkeypatch.setitem(sys.modules, "orjson", None)  # to import it would fail
    assert decoded(b"[1]") == [1]
    with pytest.raises(ImportError):
        decoded(b" " * decoder._WORTH + b"[1]")
