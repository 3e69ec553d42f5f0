"""What `newswire show` prints of an article."""

from __future__ import annotations

from rich.text import Text

from pipeline.article import EnrichedArticle
from pipeline.commands.show import DATE, STYLES, coloured, lines
from tests.support.enriched import enriched


def _styled(text: Text, style: str) -> list[str]:
    return [text.plain[span.start : span.end] for span in text.spans if span.style == style]


def test_every_finding_is_coloured_where_it_stands() -> None:
    article = enriched()
    text = coloured(article)
    assert text.plain == article.body
    for entity in article.entities:
        assert set(_styled(text, STYLES[entity.type])) >= {mention.text for mention in entity.mentions}
    assert _styled(text, DATE) == [date.text for date in article.dates]
    assert _styled(text, "strike") == [m.text for e in article.entities for m in e.mentions if m.misspelling]


def test_control_characters_of_an_article_do_not_reach_the_terminal_nor_move_the_colours() -> None:
    article = enriched(
        body=enriched().body.replace("ferry would", "ferry\x1b[2J\u202ewld"), headline="a\x1b]0;x\x07b"
    )
    shown = "\n".join(line.plain for line in lines(article))
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert len(coloured(article).plain) == len(article.body)


def test_an_article_without_findings_is_shown_too() -> None:
    article = EnrichedArticle(uri="urn:x", versionCreated="2022-03-09", body="")
    assert [line.plain for line in lines(article)][-1].strip() == "urn:x"
