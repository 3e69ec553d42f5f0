"""What our analysis plugin gives the local Elasticsearch.

Expected tokens are those that Elastic documents for the full server, or what Lucene's stemmers make of the word.
"""

from __future__ import annotations

from typing import Any

import pytest
from elasticsearch import BadRequestError, Elasticsearch

from pipeline.local.elasticsearch import ElasticsearchServer
from pipeline.local.layout import account
from pipeline.local.report import Silent
from pipeline.local.stack import programs
from tests.support.stack import ELASTICSEARCH_HEAP, JAVA_OPTIONS, Stack, folder_for_servers, unique

pytestmark = pytest.mark.servers


@pytest.fixture
def client(stack: Stack) -> Elasticsearch:
    return Elasticsearch(stack.url, request_timeout=60)


def tokens(client: Elasticsearch, text: str, **analysis: Any) -> list[str]:
    return [token["token"] for token in client.indices.analyze(text=text, **analysis)["tokens"]]


LANGUAGES = {
    "arabic": ("المفاوضات بين الوزراء", ["مفاوض", "وزراء"]),
    "armenian": ("բանակցություններ", ["բանակց"]),
    "basque": ("negoziazioak", None),
    "bengali": ("মন্ত্রীরা", None),
    "brazilian": ("as negociações dos ministros", ["negoci", "ministr"]),
    "bulgarian": ("преговорите", ["преговор"]),
    "catalan": ("les negociacions dels ministres", ["negoc", "ministr"]),
    "cjk": ("東京都", ["東京", "京都"]),
    "czech": ("jednání ministrů", ["jednán", "ministr"]),
    "danish": ("forhandlingerne", ["forhandling"]),
    "dutch": ("de onderhandelingen van ministers", ["onderhandel", "minister"]),
    "english": ("The negotiators' talks", ["negoti", "talk"]),
    "estonian": ("läbirääkimised", None),
    "finnish": ("neuvottelut", ["neuvottelu"]),
    "french": ("l'avion des négociateurs français", ["avion", "negoci", "francai"]),
    "galician": ("as negociacións dos ministros", None),
    "german": ("Die Verhandlungen der Häuser", ["verhandlung", "haus"]),
    "greek": ("διαπραγματεύσεις", ["διαπραγματευσ"]),
    "hindi": ("मंत्रियों", None),
    "hungarian": ("tárgyalások", ["tárgyalás"]),
    "indonesian": ("perundingan", None),
    "irish": ("na hairí", None),
    "italian": ("dell'accordo tra i ministri", ["accord", "ministr"]),
    "latvian": ("sarunas", ["sarun"]),
    "lithuanian": ("derybos", ["deryb"]),
    "norwegian": ("forhandlingene", ["forhandling"]),
    "persian": ("مذاکرات", None),
    "portuguese": ("as negociações dos ministros", ["negociaca", "ministr"]),
    "romanian": ("negocierile miniștrilor", None),
    "russian": ("переговоры министров в Киеве", ["переговор", "министр", "киев"]),
    "serbian": ("преговори", ["pregovor"]),
    "sorani": ("وتووێژەکان", None),
    "spanish": ("las negociaciones de los ministros", ["negociacion", "ministr"]),
    "swedish": ("förhandlingarna", ["förhandling"]),
    "thai": ("การแสดงงานดี", ["แสดง", "งาน", "ดี"]),
    "turkish": ("görüşmeler", ["görüşme"]),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_analyzers(client: Elasticsearch, language: str) -> None:
    text, expected = LANGUAGES[language]
    found = tokens(client, text, analyzer=language)
    if expected is None:  # languages whose stems we cannot judge: it answers, and it does something
        assert found
        assert found != tokens(client, text, analyzer="whitespace")
    else:
        assert found == expected


STEMMERS = {
    "english": "negoti",
    "light_english": "negotiation",
    "minimal_english": "negotiation",
    "porter2": "negoti",
    "light_german": "negotiation",
}


@pytest.mark.parametrize("language", STEMMERS)
def test_the_filter_stemmer(client: Elasticsearch, language: str) -> None:
    found = tokens(client, "negotiations", tokenizer="standard", filter=[{"type": "stemmer", "language": language}])
    assert found == [STEMMERS[language]]


FILTERS: dict[str, tuple[Any, str, list[str]]] = {
    "lowercase": ("lowercase", "Kyiv UN", ["kyiv", "un"]),
    "lowercase, turkish": ({"type": "lowercase", "language": "turkish"}, "Isparta", ["ısparta"]),
    "uppercase": ("uppercase", "Kyiv", ["KYIV"]),
    "asciifolding": ("asciifolding", "Zürich Erdoğan Łódź", ["Zurich", "Erdogan", "Lodz"]),
    "asciifolding, original": ({"type": "asciifolding", "preserve_original": True}, "Zürich", ["Zurich", "Zürich"]),
    "possessive_english": ({"type": "stemmer", "language": "possessive_english"}, "minister’s", ["minister"]),
    "elision": ("elision", "l'avion d’Orly", ["avion", "Orly"]),
    "elision, Italian": (
        {"type": "elision", "articles": ["dell"], "articles_case": True},
        "Dell'accordo",
        ["accordo"],
    ),
    "edge_ngram": ({"type": "edge_ngram", "min_gram": 2, "max_gram": 4}, "Kyiv", ["Ky", "Kyi", "Kyiv"]),
    "edge_ngram, back": ({"type": "edge_ngram", "min_gram": 1, "max_gram": 2, "side": "back"}, "Kyiv", ["v", "iv"]),
    "ngram": ({"type": "ngram", "min_gram": 2, "max_gram": 3}, "fox", ["fo", "fox", "ox"]),
    "word_delimiter_graph": ("word_delimiter_graph", "PowerShot's Wi-Fi", ["Power", "Shot", "Wi", "Fi"]),
    "unique": ("unique", "the quick fox jumps the lazy fox", ["the", "quick", "fox", "jumps", "lazy"]),
    "length": ({"type": "length", "min": 3, "max": 4}, "a fox jumped over", ["fox", "over"]),
    "limit": ("limit", "one two", ["one"]),
    "truncate": ({"type": "truncate", "length": 3}, "jumped", ["jum"]),
    "trim": ("trim", "fox", ["fox"]),
    "reverse": ("reverse", "fox", ["xof"]),
    "kstem": ("kstem", "foxes jumping quickly", ["fox", "jump", "quick"]),
    "porter_stem": ("porter_stem", "foxes jumping quickly", ["fox", "jump", "quickli"]),
    "snowball": ({"type": "snowball", "language": "English"}, "foxes jumping quickly", ["fox", "jump", "quick"]),
    "german_normalization": ("german_normalization", "Häuser Strasse Straße", ["Hauser", "Strasse", "Strasse"]),
    "scandinavian_folding": ("scandinavian_folding", "blåbærsyltetøj", ["blabarsyltetoj"]),
    "arabic_normalization": ("arabic_normalization", "أحمد", ["احمد"]),
    "decimal_digit": ("decimal_digit", "٢٠٢٢", ["2022"]),
    "apostrophe": ("apostrophe", "Istanbul'a", ["Istanbul"]),
    "keep": ({"type": "keep", "keep_words": ["fox"]}, "the fox jumps", ["fox"]),
    "pattern_replace": (
        {"type": "pattern_replace", "pattern": "(dog)", "replacement": "watch$1"},
        "foxes jump lazy dogs",
        ["foxes", "jump", "lazy", "watchdogs"],
    ),
    "synonym_graph": (
        {"type": "synonym_graph", "synonyms": ["un, united nations"]},
        "the un said",
        ["the", "united", "un", "nations", "said"],
    ),
    "synonym_graph, lenient": (
        {"type": "synonym_graph", "synonyms": ["=> nothing", "kiev => kyiv"], "lenient": True},
        "kiev",
        ["kyiv"],
    ),
    "synonym": ({"type": "synonym", "synonyms": ["kiev => kyiv"]}, "in kiev", ["in", "kyiv"]),
}


@pytest.mark.parametrize("name", FILTERS)
def test_token_filters(client: Elasticsearch, name: str) -> None:
    given, text, expected = FILTERS[name]
    assert tokens(client, text, tokenizer="standard", filter=[given]) == expected


def test_filters_in_a_chain(client: Elasticsearch) -> None:
    keep = {"type": "keyword_marker", "keywords": ["jumping"]}
    assert tokens(client, "fox running jumping", tokenizer="standard", filter=[keep, "stemmer"]) == [
        "fox",
        "run",
        "jumping",
    ]
    override = {"type": "stemmer_override", "rules": ["running, runs => run", "mice => mouse"]}
    assert tokens(client, "mice running", tokenizer="standard", filter=[override, "stemmer"]) == ["mouse", "run"]


def test_synonyms_are_read_as_the_filters_before_them_leave_words(client: Elasticsearch) -> None:
    chain = ["lowercase", "asciifolding", {"type": "synonym_graph", "synonyms": ["Kyïv, Kiev"]}]
    assert sorted(tokens(client, "KYIV", tokenizer="standard", filter=chain)) == ["kiev", "kyiv"]


@pytest.mark.parametrize(
    ("tokenizer", "text", "expected"),
    [
        ("uax_url_email", "Email me at john.smith@global-international.com", 4),
        ("keyword", "New York", 1),
        ("whitespace", "U.S.-led talks", 2),
        ("letter", "you're", 2),
        ("classic", "AT&T o'neil", 2),
        ("path_hierarchy", "/one/two/three", 3),
        ("pattern", "foo_bar-baz", 2),
        ("ngram", "fox", 5),
        ("edge_ngram", "fox", 2),
    ],
)
def test_tokenizers(client: Elasticsearch, tokenizer: str, text: str, expected: int) -> None:
    assert len(tokens(client, text, tokenizer=tokenizer)) == expected


@pytest.mark.parametrize(
    ("char_filter", "text", "expected"),
    [
        ("html_strip", "<p>I&apos;m so <b>happy</b>!</p>", "\nI'm so happy!\n"),
        ({"type": "mapping", "mappings": ["\\u2019 => '", "ß => ss"]}, "it’s groß", "it's gross"),
        ({"type": "pattern_replace", "pattern": "(\\d+)-(?=\\d)", "replacement": "$1_"}, "1-2-3", "1_2_3"),
    ],
)
def test_char_filters(client: Elasticsearch, char_filter: Any, text: str, expected: str) -> None:
    assert tokens(client, text, tokenizer="keyword", char_filter=[char_filter]) == [expected]


@pytest.mark.parametrize(
    "given",
    [
        "synonym_graph",
        "pattern_capture",
        {"type": "stemmer", "language": "klingon"},
        {"type": "synonym", "synonyms": ["a => "]},
        {"type": "pattern_replace", "pattern": "("},
    ],
)
def test_what_cannot_be_is_refused(client: Elasticsearch, given: Any) -> None:
    with pytest.raises(BadRequestError):
        tokens(client, "x", tokenizer="standard", filter=[given])


def test_an_index_with_custom_analysis_searches_by_it(client: Elasticsearch) -> None:
    index = unique("analysis")
    client.indices.create(
        index=index,
        settings={
            "analysis": {
                "normalizer": {"name": {"type": "custom", "filter": ["lowercase", "asciifolding"]}},
                "filter": {
                    "names": {"type": "synonym_graph", "synonyms": ["kiev, kyiv"], "updateable": True},
                    "no_words": {"type": "stop", "stopwords": "_english_"},
                },
                "analyzer": {
                    "for_search": {"tokenizer": "standard", "filter": ["lowercase", "names"]},
                    "for_english": {"type": "english", "stem_exclusion": ["talks"]},
                },
            }
        },
        mappings={
            "properties": {
                "text": {"type": "text", "analyzer": "for_english", "search_analyzer": "for_search"},
                "name": {"type": "keyword", "normalizer": "name"},
            }
        },
    )
    try:
        client.index(index=index, document={"text": "talks in Kyiv", "name": "ERDOĞAN"}, refresh=True)
        for query in ({"match": {"text": "Kiev"}}, {"match": {"text": "talks"}}, {"term": {"name": "Erdogan"}}):
            assert client.count(index=index, query=query)["count"] == 1, query
    finally:
        client.indices.delete(index=index)


def test_security_finds_the_analysis_that_its_own_index_names(stack: Stack) -> None:
    with folder_for_servers() as folder:
        server = ElasticsearchServer(
            folder / "elasticsearch",
            port=0,
            heap=ELASTICSEARCH_HEAP,
            account=account(),
            java_options=(JAVA_OPTIONS,),
            password="for-this-test-only",
        )
        try:
            server.start(programs(stack.local), report=Silent())
            anybody = Elasticsearch(server.address, request_timeout=60).options(ignore_status=401)
            assert anybody.count().meta.status == 401
            admin = Elasticsearch(server.address, basic_auth=("elastic", "for-this-test-only"), request_timeout=60)
            role = {"writer": {"index": [{"names": ["news-*"], "privileges": ["auto_configure", "write"]}]}}
            key = admin.security.create_api_key(name="worker", role_descriptors=role)
            worker = Elasticsearch(server.address, api_key=key["encoded"], request_timeout=60)
            assert worker.index(index="news-1", document={"a": 1})["result"] == "created"
            refused = worker.options(ignore_status=403).index(index="others", document={"a": 1})
            assert refused.meta.status == 403
        finally:
            server.kill()
