"""Tags of languages."""

from __future__ import annotations

import pytest

from pipeline.wire import languages


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("en", "en"),
        ("EN", "en"),
        ("eng", "en"),
        ("ger", "de"),
        ("deu", "de"),
        ("en-us", "en-US"),
        ("en_GB", "en-GB"),
        (" pt-br ", "pt-BR"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("zh_Hans", "zh-Hans"),
        ("es-419", "es-419"),
        ("de-CH-1996", "de-CH-1996"),
        ("gsw", "gsw"),
    ],
)
def test_the_usual_form(written: str, tag: str) -> None:
    assert languages.tag(written) == tag
    assert languages.tag(tag) == tag


@pytest.mark.parametrize(
    "written", [None, "", "  ", "English", "e", "12", "en-", "en--US", "und", "zxx", "mul", "x\0"]
)
def test_what_is_no_language(written: str | None) -> None:
    assert languages.tag(written) is None
