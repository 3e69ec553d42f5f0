"""HTML to text: paragraphs, lines, what is no text, and no markup that could fail."""

from __future__ import annotations

import time

import pytest

from pipeline.wire.html import to_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("One.<br><br>Two.", "One.\n\nTwo."),
        ("<p>Rose street 1<br>Port Arden</p>", "Rose street 1\nPort Arden"),
        ("<p>a line of fixed <br />Width that wraps <br/>here.</p>", "a line of fixed Width that wraps here."),
        ("<p>a line that<br>wraps</p>", "a line that wraps"),
        ("<p>He said no.<br>she said yes.</p>", "He said no.\nshe said yes."),
        ("<div><p>One\n  and\ttwo</p>\n\n<div>Three</div></div>", "One and two\n\nThree"),
        ("<p>A<b>B</b>C <i>D</i> E</p>", "ABC D E"),
        ("<ul><li>one</li><li>two</li></ul>after", "one\ntwo\n\nafter"),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>", "a\tb\n1\t2"),
        ("<h2>Head</h2>text", "Head\n\ntext"),
        ("a&nbsp;b &amp; c &lt;d&gt; &eacute; &#8212; &#x2014; &bogus;", "a b & c <d> é — — &bogus;"),
        ("<script>x()</script><style>p{}</style><p>One</p><!-- no -->", "One"),
        ("<figure><img src=x><figcaption>Caption</figcaption></figure><p>One</p>", "One"),
        ("<header><h1>Head</h1></header><p>One</p>", "One"),
        ("<header><p>Only this</p></header>", "Only this"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<p>One", "One"),
        ("<p>One</b></i></p></div>", "One"),
        ("no markup  at all", "no markup at all"),
        ("5 < 6 & 7 > 2", "5 < 6 & 7 > 2"),
        ("<p><![CDATA[x]]>One</p>", "One"),
        ("", ""),
        ("<p></p><br>", ""),
        ("&#147;said&#148;", "“said”"),
    ],
)
def test_text(markup: str, text: str) -> None:
    assert to_text(markup) == text


@pytest.mark.parametrize(
    "unit", ["<div>", "<b>x", "<p>x</p>", "&amp;", "<", "&", "<br>", "<td>", "</p>", "<a href='", "<!--"]
)
def test_large_markup_takes_linear_time_at_any_depth(unit: str) -> None:
    begin = time.thread_time()
    to_text(unit * 25_000)
    short = time.thread_time() - begin
    begin = time.thread_time()
    to_text(unit * 100_000)
    assert time.thread_time() - begin < max(12 * short, 2)
