"""Mentions joined to entities, on the pipeline as shipped."""

from __future__ import annotations

import pytest

from tests.support.nlp import enrich, entity, named


def test_titles_determiners_and_possessives_are_no_part_of_a_mention() -> None:
    article = enrich(
        "President Tomas Varga's adviser met Mrs Ellen Whitlock in the Netherlands on Monday. Mr. Varga thanked her."
    )
    assert named(article, "Tomas Varga") == ["Tomas Varga", "Varga"]
    assert named(article, "Ellen Whitlock") == ["Ellen Whitlock"]
    assert named(article, "Netherlands") == ["Netherlands"]


def test_a_misspelt_name_is_the_same_person_and_marked() -> None:
    article = enrich(
        "President Marek Dobrowolski said he would resign. Mr Dobrowolski spoke in Warsaw. Mr Dobrowolsko left, "
        "and Marek Dobrowolski did not return."
    )
    mentions = entity(article, "Marek Dobrowolski").mentions
    assert [mention.text for mention in mentions if mention.misspelling] == ["Dobrowolsko"]
    assert len(mentions) == 4


def test_transliterations_are_one_person_and_no_misspellings() -> None:
    article = enrich("Volodymyr Zelenskiy flew to Warsaw. Zelenskyy met the Polish president. Mr Zelensky then left.")
    mentions = entity(article, "Volodymyr Zelenskiy").mentions
    assert [mention.text for mention in mentions] == ["Volodymyr Zelenskiy", "Zelenskyy", "Zelensky"]
    assert not any(mention.misspelling for mention in mentions)


def test_two_bushes_stay_two() -> None:
    article = enrich(
        "Former President George H.W. Bush watched. His son George W. Bush spoke first. George H.W. Bush smiled."
    )
    assert len(named(article, "George H.W. Bush")) == 2
    assert len(named(article, "George W. Bush")) == 1


def test_a_title_of_address_tells_husband_from_wife() -> None:
    article = enrich(
        "Bill Clinton and Hillary Clinton came to Ohio. Mrs. Clinton spoke about schools. Mr. Clinton listened."
    )
    assert named(article, "Hillary Clinton") == ["Hillary Clinton", "Clinton"]
    assert named(article, "Bill Clinton") == ["Bill Clinton", "Clinton"]


def test_father_and_son_of_one_name() -> None:
    article = enrich("Donald Trump Jr. met Donald Trump in Florida. Donald Trump Jr. left.")
    assert len(named(article, "Donald Trump Jr.")) == 2
    assert len(named(article, "Donald Trump")) == 1


def test_an_acronym_and_its_long_form_are_one() -> None:
    article = enrich("The North Atlantic Treaty Organization (NATO) met in Brussels. NATO then rose for lunch.")
    nato = entity(article, "NATO")
    assert nato.id == "wikidata:Q7184"
    assert [mention.text for mention in nato.mentions] == ["North Atlantic Treaty Organization", "NATO", "NATO"]
    article = enrich(
        "The Velmark Fisheries Protection Agency (VFPA) said on Tuesday that nets were cut. The VFPA sent a boat."
    )
    assert len(named(article, "Velmark Fisheries Protection Agency")) == 3


def test_the_country_before_an_office_belongs_to_its_name() -> None:
    article = enrich("Ned Price, U.S. State Department spokesman, spoke. The State Department declined to add to it.")
    assert len(named(article, "U.S. State Department")) == 2
    assert entity(article, "U.S. State Department").id == "wikidata:Q789915"


def test_a_person_is_not_an_organisation_once() -> None:
    article = enrich(
        "Anna Kessler won the vote. Kessler thanked her team. Supporters of Kessler cheered. KESSLER WINS THE VOTE. "
        "Kessler's party celebrated, and Kessler went home."
    )
    assert {mention.label for mention in entity(article, "Anna Kessler").mentions} == {"PERSON"}


def test_names_in_a_headline_of_capitals_are_those_of_the_text() -> None:
    article = enrich("PUTIN AND MERKEL MEET IN RUSSIA\n\nVladimir Putin met Angela Merkel in Moscow on Friday.")
    assert named(article, "Vladimir Putin") == ["PUTIN", "Vladimir Putin"]
    assert named(article, "Angela Merkel") == ["MERKEL", "Angela Merkel"]
    assert named(article, "Russia") == ["RUSSIA"]


def test_a_town_is_its_team_in_sports_and_a_town_elsewhere() -> None:
    sports = enrich(
        "Leeds striker Tom Ward scored twice in the second half as Leeds beat Norwich 3-1 in the league on Saturday. "
        "The match was played in Leeds. Norwich goalkeeper Ian Marsh saved a penalty before half-time."
    )
    kinds = {(m.text, m.label) for e in sports.entities for m in e.mentions if m.text in ("Leeds", "Norwich")}
    assert ("Leeds", "ORG") in kinds
    assert ("Norwich", "ORG") in kinds
    assert ("Leeds", "GPE") in kinds
    elsewhere = enrich("A bridge in Leeds was closed on Monday. Leeds has many bridges.")
    assert entity(elsewhere, "Leeds").type == "LOCATION"


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("DOVER, England (Reuters) - A lifeboat crew pulled eleven men from the sea.", "DOVER", "LOCATION"),
        ("CAPE CANAVERAL, Fla. (AP) - NASA called the launch off.", "CAPE CANAVERAL", "LOCATION"),
        ("NEW DELHI: India and China traded accusations on Sunday.", "NEW DELHI", "LOCATION"),
        ("She told of her years in Jackson Hole, Wyoming, on Friday.", "Jackson Hole", "LOCATION"),
        ("He resigned, according to the governor of South Kivu.", "South Kivu", "LOCATION"),
        ("The builder Canning & Rowe had promised 140 flats.", "Canning & Rowe", "ORGANIZATION"),
        ("The prices rose again, said Imogen Castle, the minister.", "Imogen Castle", "PERSON"),
    ],
)
def test_names_by_where_they_stand(text: str, name: str, kind: str) -> None:
    kinds = {mention.text: one.type for one in enrich(text).entities for mention in one.mentions}
    assert kinds.get(name) == kind, kinds


def test_what_is_no_name() -> None:
    found = {
        mention.text
        for one in enrich(
            "UPDATE - The Secretary of State spoke. Another, who left, did not. The banks close on Labour Day."
        ).entities
        for mention in one.mentions
    }
    assert not found & {"UPDATE", "State", "Another", "Labour"}


def test_a_particle_has_a_capital_at_the_head_of_a_sentence() -> None:
    article = enrich("Saskia de Bruijn wrote the study. De Bruijn agreed that more data were needed.")
    assert named(article, "Saskia de Bruijn") == ["Saskia de Bruijn", "De Bruijn"]


def test_honours_and_callings_are_no_part_of_a_name() -> None:
    article = enrich(
        "Neighbor Bonnie Haugen heard shots. The lawyer, Joanna Cherry QC, was told by Haugen, and Ms Cherry wept."
    )
    assert named(article, "Bonnie Haugen") == ["Bonnie Haugen", "Haugen"]
    assert named(article, "Joanna Cherry") == ["Joanna Cherry", "Cherry"]


def test_who_is_called_mr_is_a_person_in_full_as_well() -> None:
    article = enrich("The president of South Sudan, Salva Kiir, came late. Mr. Kiir's rival had left Juba.")
    assert entity(article, "Salva Kiir").type == "PERSON"
    assert named(article, "Salva Kiir") == ["Salva Kiir", "Kiir"]


def test_a_slip_that_opens_a_sentence_is_the_same_person() -> None:
    article = enrich("Ukrainian President Petro Poroshenko was in Berlin. Porosenko then flew home.")
    assert [one.text for one in entity(article, "Petro Poroshenko").mentions if one.misspelling] == ["Porosenko"]


def test_a_town_with_a_manager_is_a_team() -> None:
    article = enrich(
        "Bolton knocked Arsenal out of the FA Cup in a replay. “They had nothing to fear,” said Bolton manager "
        "Colin Todd. Danish striker Per Frandsen scored twice.\nBolton 3 Arsenal 2\nNewcastle 1 Nottingham Forest 2\n"
    )
    kinds = {one.canonical: one.type for one in article.entities}
    assert kinds["Bolton"] == kinds["Nottingham Forest"] == "ORGANIZATION"
    assert not [name for name in kinds if any(character.isdecimal() for character in name)]


def test_people_of_a_town_are_no_place_and_craft_no_town() -> None:
    article = enrich(
        "The European Space Agency's Ariel mission will start in 2028. Most Londoners never heard of it."
    )
    kinds = {one.canonical: one.type for one in article.entities}
    assert kinds["Londoners"] == "NORP"
    assert kinds["Ariel"] == "OTHER"


def test_a_party_with_a_state_names_the_state() -> None:
    article = enrich("Rep. Keith Ellison, D-Minn., and Sen. Bob Casey, D-Pa., met John Kasich, R-Ohio, on Monday.")
    assert [one.canonical for one in article.entities if one.type == "LOCATION"] == [
        "Minnesota", "Pennsylvania", "Ohio",
    ]  # fmt: skip
    assert len(article.entities) == 6


def test_peoples_before_a_name_initials_and_positions_are_told_apart() -> None:
    article = enrich(
        "Golf - Rory McIlroy won the tournament ahead of Welshman Bradley Dredge and Russell Knox. Knox had led the "
        "championship.\n\nFinal scores: 276 R McIlroy 67 70 70 69; 279 B Dredge 66 69 74 70, R Knox 69 66 72 72.\n\n"
        "NOTES: Packers WR Cris Carter left in the second quarter."
    )
    assert named(article, "Russell Knox") == ["Russell Knox", "Knox", "R Knox"]
    assert named(article, "Bradley Dredge") == ["Bradley Dredge", "B Dredge"]
    assert named(article, "Cris Carter") == ["Cris Carter"]


def test_a_paper_named_after_a_people_is_no_people() -> None:
    kinds = {one.canonical: one.type for one in enrich("She wrote for The Scotsman and for the Danes.").entities}
    assert kinds["Scotsman"] == "ORGANIZATION"
    assert kinds["Danish"] == "NORP"


def test_a_distance_is_no_age() -> None:
    kinds = {one.canonical: one.type for one in enrich("In Bhaktapur, 15 km east of Kathmandu, it rained.").entities}
    assert kinds["Bhaktapur"] == "LOCATION"


def test_a_surname_without_its_arabic_article_is_the_same_persons() -> None:
    article = enrich("Syrian President Bashar al-Assad spoke. One of Assad's planes had dropped a bomb on a town.")
    assert named(article, "Bashar al-Assad") == ["Bashar al-Assad", "Assad"]
