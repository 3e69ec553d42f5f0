"""Who said it: one test a way of saying so."""

from __future__ import annotations

import pytest

from pipeline.article import EnrichedArticle
from tests.support.nlp import enrich

TELLER = "Minister Jana Holub met the farmers in Brno on Friday. Her deputy, Petr Malik, was there too. "


def _said(article: EnrichedArticle, *, direct: bool = True) -> list[tuple[str, str | None, str | None]]:
    return [
        (
            one.text,
            one.speaker.canonical or one.speaker.text if one.speaker else None,
            one.cue.text if one.cue else None,
        )
        for one in article.quotations
        if one.direct == direct
    ]


@pytest.mark.parametrize(
    ("text", "quotation", "speaker", "cue"),
    [
        ("“We will pay,” Jana Holub said.", "“We will pay,”", "Jana Holub", "said"),
        ("“We will pay,” said Jana Holub.", "“We will pay,”", "Jana Holub", "said"),
        ("“We will pay,” said minister Jana Holub, who came by train.", "“We will pay,”", "Jana Holub", "said"),
        ("“We will pay,” Petr Malik, the deputy minister, said.", "“We will pay,”", "Petr Malik", "said"),
        ("“We will pay,” she said.", "“We will pay,”", "Jana Holub", "said"),
        ("“We will pay,” he told reporters.", "“We will pay,”", "Petr Malik", "told"),
        ("“We will pay,” the minister said.", "“We will pay,”", "Jana Holub", "said"),
        ("“Shall we pay?” asked Petr Malik.", "“Shall we pay?”", "Petr Malik", "asked"),
        ("Petr Malik said: “We will pay.”", "“We will pay.”", "Petr Malik", "said"),
        ("Petr Malik, speaking in Brno, said, “We will pay.”", "“We will pay.”", "Petr Malik", "said"),
        ("Holub, he said, “will pay.”", "“will pay.”", "Petr Malik", "said"),
        (
            "According to Petr Malik, the farmers are “angry and tired.”",
            "“angry and tired.”",
            "Petr Malik",
            "According to",
        ),
        ("Petr Malik called the offer “a joke.”", "“a joke.”", "Petr Malik", "called"),
        ('"We will pay," Jana Holub said.', '"We will pay,"', "Jana Holub", "said"),
        ("''We will pay,'' Jana Holub said.", "''We will pay,''", "Jana Holub", "said"),
        ("``We will pay,'' Jana Holub said.", "``We will pay,''", "Jana Holub", "said"),
        ("‘We will pay,’ Jana Holub said.", "‘We will pay,’", "Jana Holub", "said"),
        ("“We will pay,” officials said.", "“We will pay,”", "officials", "said"),
        ("“We will pay.” — Petr Malik", "“We will pay.”", "Petr Malik", None),
        (
            "They would pay, the Farm Ministry said, urging Brno to “do the same.”",
            "“do the same.”",
            "Farm Ministry",
            "urging",
        ),
        ("Petr Malik MP said: “We will pay.”", "“We will pay.”", "Petr Malik", "said"),
        ("“Pay up,” read a sign at the gate.", "“Pay up,”", "a sign", "read"),
        ("She tweeted: ‘5 farms. 1 minister.’", "‘5 farms. 1 minister.’", "Jana Holub", "tweeted"),
    ],
)
def test_ways_of_attribution(text: str, quotation: str, speaker: str, cue: str | None) -> None:
    assert _said(enrich(TELLER + "\n\n" + text)) == [(quotation, speaker, cue)]


def test_a_split_quotation_has_one_speaker() -> None:
    article = enrich(TELLER + "\n\n“We will pay,” said Holub, “and we will pay now.”")
    assert [speaker for _, speaker, _ in _said(article)] == ["Jana Holub", "Jana Holub"]
    assert len({one.group for one in article.quotations if one.direct}) == 1


def test_a_quotation_goes_on_after_its_attribution() -> None:
    article = enrich(TELLER + "\n\n“We will pay,” said Petr Malik. “It takes a week. Perhaps two.”")
    assert [speaker for _, speaker, _ in _said(article)] == ["Petr Malik", "Petr Malik"]


def test_a_quotation_over_paragraphs_has_one_speaker() -> None:
    article = enrich(TELLER + "\n\nHolub said: “We will pay.\n\n“It takes a week.\n\n“Perhaps two.”")
    assert [speaker for _, speaker, _ in _said(article)] == ["Jana Holub"] * 3


def test_the_nearer_speaker_of_two() -> None:
    article = enrich(TELLER + "\n\nHolub said Petr Malik, her deputy, told her that he would “mend the fence”.")
    assert _said(article) == [("“mend the fence”", "Petr Malik", "told")]


def test_titles_and_nicknames_are_no_speech() -> None:
    article = enrich(
        "Petr Malik read from “The Farmers of Moravia” on the programme “Morning Talk”. He likes “Rusty” Novak."
    )
    assert _said(article) == []


def test_indirect_speech() -> None:
    article = enrich(
        TELLER + "\n\nMalik said on Friday that the ministry would pay the farmers. Prices fell, Holub said."
    )
    assert _said(article, direct=False) == [
        ("the ministry would pay the farmers", "Petr Malik", "said"),
        ("Prices fell", "Jana Holub", "said"),
    ]


def test_who_is_spoken_to_is_not_who_speaks() -> None:
    article = enrich(TELLER + "\n\n“We will pay,” Holub told Malik.")
    assert _said(article) == [("“We will pay,”", "Jana Holub", "told")]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“We will wait,” muttered a farmer in the second row.", "a farmer"),
        ("“We will wait,” said one of the herdsmen.", "one of the herdsmen"),
        ("“We will wait,” said one of them, Karel Dusek, who came on foot.", "Karel Dusek"),
        ("“We will wait,” said the head of the dairy board, Karel Dusek.", "Karel Dusek"),
        ("“We will wait,” one beekeeper said.", "one beekeeper"),
        ("“We will wait,” a beekeeper from the next valley said.", "a beekeeper"),
        ("“We will wait,” beekeepers said.", "beekeepers"),
        ("“We will wait,” according to one beekeeper.", "one beekeeper"),
        ("A person close to the talks between Jana Holub and Petr Malik called them “a waste of tea.”", "A person"),
        ("The mine's owner, Harmony Crest Resources, said it was “proud of the men.”", "Harmony Crest Resources"),
        ("“We will wait,” the Tass news agency quoted Petr Malik as saying.", "Petr Malik"),
        ("“We will wait,” the news agency quoted him as saying.", "Petr Malik"),
        ("The fence was condemned by Karel Dusek as “a wall of shame.”", "Karel Dusek"),
        ("Petr Malik said he was “open to talks”, but Karel Dusek dismissed the offer.", "Petr Malik"),
        ("“We will wait,” the police union said.", "The police union"),
    ],
)
def test_who_has_no_name_or_a_late_one(text: str, speaker: str) -> None:
    (said,) = _said(enrich(TELLER + "\n\n" + text))
    assert said[1] is not None
    assert said[1].lower() == speaker.lower()


def test_the_dateline_does_not_speak() -> None:
    article = enrich("DOVER, England (Reuters) - The harbour master on Monday rejected the report as “a fairy tale.”")
    assert _said(article) == [("“a fairy tale.”", "The harbour master", "rejected")]


def test_two_take_turns() -> None:
    article = enrich(
        "“Did you see the fence?” Jana Holub asked.\n\n“I saw a fence,” Petr Malik replied.\n\n"
        "“Did you build it?”\n\n“Not alone.”\n\nThen the hearing closed."
    )
    assert [who for _, who, _ in _said(article)] == ["Jana Holub", "Petr Malik", "Jana Holub", "Petr Malik"]


def test_the_next_paragraph_goes_on_where_nobody_asks() -> None:
    article = enrich("“Pay,” said Jana Holub.\n\n“We will wait,” Petr Malik said.\n\n“We have waited for years.”")
    assert [who for _, who, _ in _said(article)] == ["Jana Holub", "Petr Malik", "Petr Malik"]


def test_kin_and_calling_tell_whom_a_pronoun_means() -> None:
    article = enrich(
        "Hassan Qadir left Mosul. His wife, Zainab, did not want to go. “I need a door,” she said. "
        "Now they bake. “People queue,” he said."
    )
    assert [who for _, who, _ in _said(article)] == ["Zainab", "Hassan Qadir"]


def test_a_pronoun_means_who_spoke_last_though_not_named() -> None:
    article = enrich("Ann Hale leads. Her manager said there was no deal. “Not tonight,” she said.")
    assert [(one.speaker.entity, one.speaker.text) for one in article.quotations if one.direct and one.speaker] == [
        (None, "she")
    ]


def test_an_agency_and_a_singer_mean_who_was_named() -> None:
    article = enrich(
        "The Federal Aviation Administration knew of the cracks. “We are looking,” the agency said.\n\n"
        "Odette Lafleur missed the flight. “I was late,” the Montreal-born singer explained."
    )
    assert [who for _, who, _ in _said(article)] == ["Federal Aviation Administration", "Odette Lafleur"]


@pytest.mark.parametrize(
    "text",
    [
        "In his memoir, “All My Wrong Notes,” Petr Malik claimed that he wrote the chorus.",
        "Petr Malik cancelled the rest of his “Paper Moons” tour.",
        "Petr Malik said the painting known as “The Girl at the Well” was sold.",
        "The so-called “barn tax” cost more than it saved, Petr Malik said.",
        "Jana Holub is “the nose” of the firm.",
    ],
)
def test_names_of_works_and_terms_are_no_speech(text: str) -> None:
    assert _said(enrich(text)) == []


def test_who_is_spoken_of_before_a_tag_does_not_say_it() -> None:
    article = enrich(
        "Walter Stokes was a saxophonist. He joined the band of Lionel Hampton. Hampton, he recalled, “paid on "
        "Friday and borrowed it back on Saturday.”"
    )
    assert [speaker for _, speaker, _ in _said(article)] == ["Walter Stokes"]


def test_another_word_for_who_has_just_spoken() -> None:
    article = enrich(
        "House leader Patricia Kessler dismissed it. “Darnell reads fast,” the Kansas Republican said.\n\n"
        "Marcus Ould wrote on Sunday that he would win. “Equal time for us?” the president-elect asked."
    )
    assert [speaker for _, speaker, _ in _said(article)] == ["Patricia Kessler", "Marcus Ould"]


def test_works_that_are_named_and_not_said() -> None:
    article = enrich(
        "Ruth Adeyemi came late. It is eleven years since her debut, “The Salt Road,” won a prize. She had been "
        "terrified of making “Jackie,” his portrait of a widow, she said. Stevie Wonder, whose “Superstition” he was "
        "said to have played on, wept."
    )
    assert _said(article) == []


@pytest.mark.parametrize(
    ("text", "speaker", "words"),
    [
        (
            "Lawrence Gostin, a professor of law, said the declaration was long overdue.",
            "Lawrence Gostin",
            "the declaration was long overdue",
        ),
        ("Petr Malik, who grew up there, said Holub would win.", "Petr Malik", "Holub would win"),
        ("The farms would be paid, said Petr Malik.", "Petr Malik", "The farms would be paid"),
    ],
)
def test_the_subject_of_indirect_speech(text: str, speaker: str, words: str) -> None:
    assert [(who, said) for said, who, _ in _said(enrich(TELLER + text), direct=False)] == [(speaker, words)]


def test_who_cuts_in_before_a_colon() -> None:
    article = enrich(
        "Hillary Clinton and Donald Trump met again. When Mrs. Clinton said it was “awfully good” that he was not in "
        "charge, he cut in: “Because you'd be in jail.”"
    )
    assert [speaker for _, speaker, _ in _said(article)] == ["Hillary Clinton", "Donald Trump"]


def test_a_known_name_alone_tells_the_sex() -> None:
    article = enrich("Marlene Kovacs hands out peaches. What about Trump? “He's a loudmouth,” she says.")
    assert [speaker for _, speaker, _ in _said(article)] == ["Marlene Kovacs"]


def test_a_tag_behind_an_exclamation_is_no_indirect_speech() -> None:
    article = enrich("Vladimir Safronkov stood up. “Look at me!” he told British Ambassador Matthew Rycroft.")
    assert _said(article, direct=False) == []
    assert [speaker for _, speaker, _ in _said(article)] == ["Vladimir Safronkov"]


def test_who_was_spoken_to_by_name_answers() -> None:
    article = enrich(
        "Deborah Hallam gave evidence. ‘It was there because you left it there, Mrs Hallam,’ the lawyer, Simon "
        "Arkwright, said.\n\n‘No, sir.’"
    )
    assert [speaker for _, speaker, _ in _said(article)] == ["Simon Arkwright", "Deborah Hallam"]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "TAMPA, Fla. — “They laughed at us!” Gordon Beale roared from the stage, and the crowd roared.",
            "Gordon Beale",
        ),
        (
            "Petr Malik came. A former aide laughed when told of the film. “She'll frame it,” he said.",
            "he",  # who is not Petr Malik
        ),
        ("Tickets, says promoter Live Nation, are ‘limited’.", "Live Nation"),
        ("“Liar,” hissed one of them, Munira Halilovic, as the cameras rolled.", "Munira Halilovic"),
        ("“In writing,” says Marlowe's chief of staff, Dana Orr.", "Dana Orr"),
    ],
)
def test_more_ways_of_naming_who_speaks(text: str, speaker: str) -> None:
    assert [who for _, who, _ in _said(enrich(text))] == [speaker]


@pytest.mark.parametrize(
    "text", ["It would go on, Petr Malik added", "added", "Petr Malik, saying “", ", says Holub, “no”"]
)
def test_a_verb_at_the_very_end_or_head_does_no_harm(text: str) -> None:
    assert len(enrich(text).quotations) <= 1
