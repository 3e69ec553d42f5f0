"""What Kibana would send for every panel, control and saved search, written out by hand, and what must come back.

The time picker is on March 2025, the month of the demo's articles, and the browser in Oslo. Where a panel changes,
its request here must be changed by hand: a test compares fields and operations of both.
"""

from __future__ import annotations

from typing import Any

Body = dict[str, Any]
ZONE = "Europe/Oslo"
FROM, TO = "2025-02-28T23:00:00.000Z", "2025-03-31T21:59:59.999Z"  # March there
HOUR_FROM, HOUR_TO = "now-1h", "now"


def _search(aggs: Body, *filters: Body, time: str = "@timestamp") -> Body:
    picked = {"range": {time: {"format": "strict_date_optional_time", "gte": FROM, "lte": TO}}}
    return {"size": 0, "query": {"bool": {"must": [], "filter": [*filters, picked]}}, "aggs": aggs}


def _workers(aggs: Body, *filters: Body) -> Body:
    picked = {"range": {"@timestamp": {"gte": HOUR_FROM, "lte": HOUR_TO}}}
    return {"size": 0, "query": {"bool": {"must": [], "filter": [*filters, picked]}}, "aggs": aggs}


def _is(field: str, value: str) -> Body:  # KQL `field: value`
    return {"bool": {"should": [{"term": {field: value}}], "minimum_should_match": 1}}


def _progress(agent: str) -> Body:
    return {"bool": {"filter": [_is("kind", "progress"), _is("agent", agent)]}}


def _top(field: str, size: int = 20, **aggs: Body) -> Body:
    terms: Body = {"field": field, "order": {"_count": "desc"}, "size": size, "shard_size": 25}
    if aggs:
        terms["order"] = {"m0": "desc"}
    return {"0": {"terms": terms} | ({"aggs": aggs} if aggs else {})}


def _by_source(histogram: Body) -> Body:
    terms = {"field": "source", "order": {"_count": "desc"}, "size": 5, "shard_size": 25}
    return {"0": {"terms": terms, "aggs": {"1": {"date_histogram": histogram}}}}


def _listed(field: str) -> Body:  # the values of a control
    return _search(
        {
            "suggestions": {"terms": {"field": field, "size": 10, "order": {"_count": "desc"}, "shard_size": 10}},
            "unique_terms": {"cardinality": {"field": field}},
        }
    )


PUBLISHED: Body = {
    "field": "@timestamp",
    "fixed_interval": "12h",
    "time_zone": ZONE,
    "min_doc_count": 0,
    "extended_bounds": {"min": 1740783600000, "max": 1743454799999},
}
SPOKEN_OF: Body = {"field": "mentioned_days", "calendar_interval": "1d", "time_zone": ZONE, "min_doc_count": 1}
MINUTES: Body = {"field": "@timestamp", "fixed_interval": "1m", "time_zone": ZONE, "min_doc_count": 0}

# by the id of the saved object; `time` of a search is the time field of its data view
PANELS: dict[str, tuple[str, Body]] = {
    "newswire-newsroom-published": ("news", _search(_by_source(PUBLISHED))),
    "newswire-newsroom-spoken-of": ("news", _search(_by_source(SPOKEN_OF), time="mentioned_days")),
    "newswire-newsroom-people": ("news", _search(_top("people"))),
    "newswire-newsroom-organizations": ("news", _search(_top("organizations"))),
    "newswire-newsroom-places": ("news", _search(_top("places"))),
    "newswire-newsroom-speakers": ("news", _search(_top("speakers"))),
    "newswire-newsroom-sources": ("news", _search(_top("source", 8))),
    "newswire-newsroom-languages": ("news", _search(_top("language", 8))),
    "newswire-newsroom-subjects": ("news", _search(_top("subjects.name"))),
    "newswire-newsroom-map": (
        "news",
        _search(
            {
                "gridSplit": {
                    "geotile_grid": {
                        "field": "locations",
                        "precision": 5,
                        "size": 65535,
                        "shard_size": 65535,
                        "bounds": {"top_left": {"lat": 85, "lon": -180}, "bottom_right": {"lat": -85, "lon": 180}},
                    },
                    "aggs": {"gridCentroid": {"geo_centroid": {"field": "locations"}}},
                }
            },
            {"exists": {"field": "locations"}},
        ),
    ),
    "newswire-story-articles": ("news", _search({}) | {"track_total_hits": True}),
    "newswire-story-first": ("news", _search({"0": {"min": {"field": "@timestamp"}}})),
    "newswire-story-last": ("news", _search({"0": {"max": {"field": "@timestamp"}}})),
    "newswire-story-speakers": ("news", _search({"0": {"cardinality": {"field": "speakers"}}})),
    "newswire-story-published": ("news", _search(_by_source(PUBLISHED))),
    "newswire-story-spoken-of": ("news", _search({"0": {"date_histogram": SPOKEN_OF}}, time="mentioned_days")),
    "newswire-story-who": (
        "news",
        _search(
            {
                "0": {
                    "terms": {"field": "speakers", "order": {"_count": "desc"}, "size": 20, "shard_size": 25},
                    "aggs": {"1": {"min": {"field": "@timestamp"}}, "2": {"max": {"field": "@timestamp"}}},
                }
            }
        ),
    ),
    "newswire-story-people": ("news", _search(_top("people"))),
    "newswire-story-organizations": ("news", _search(_top("organizations"))),
    "newswire-story-places": ("news", _search(_top("places"))),
    "newswire-pipeline-indexed": (
        "news-pipeline",
        _workers({"0": {"sum": {"field": "articles"}}}, _progress("index")),
    ),
    "newswire-pipeline-delay": (
        "news-pipeline",
        _workers({"0": {"max": {"field": "delay.p95"}}}, _progress("index")),
    ),
    "newswire-pipeline-dead-letters": (
        "news-pipeline",
        _workers({"0": {"sum": {"field": "count"}}}, _is("kind", "dead-letters")),
    ),
    "newswire-pipeline-workers": ("news-pipeline", _workers({"0": {"cardinality": {"field": "worker"}}})),
    "newswire-pipeline-rate": (
        "news-pipeline",
        _workers(
            {
                "0": {
                    "terms": {"field": "agent", "order": {"m0": "desc"}, "size": 2, "shard_size": 25},
                    "aggs": {
                        "m0": {"sum": {"field": "articles"}},
                        "1": {"date_histogram": MINUTES, "aggs": {"m0": {"sum": {"field": "articles"}}}},
                    },
                }
            },
            _is("kind", "progress"),
        ),
    ),
    "newswire-pipeline-delays": (
        "news-pipeline",
        _workers(
            {
                "0": {
                    "date_histogram": MINUTES,
                    "aggs": {"m0": {"avg": {"field": "delay.p50"}}, "m1": {"max": {"field": "delay.p95"}}},
                }
            },
            _progress("index"),
        ),
    ),
    "newswire-pipeline-reasons": (
        "news-pipeline",
        _workers(
            {
                "0": {
                    "terms": {"field": "reason", "order": {"m0": "desc"}, "size": 10, "shard_size": 25},
                    "aggs": {
                        "m0": {"sum": {"field": "count"}},
                        "1": {"date_histogram": MINUTES, "aggs": {"m0": {"sum": {"field": "count"}}}},
                    },
                }
            },
            _is("kind", "dead-letters"),
        ),
    ),
    "newswire-pipeline-retries": (
        "news-pipeline",
        _workers(
            {
                "0": {
                    "terms": {"field": "reason", "order": {"m0": "desc"}, "size": 10, "shard_size": 25},
                    "aggs": {
                        "m0": {"sum": {"field": "count"}},
                        "1": {"date_histogram": MINUTES, "aggs": {"m0": {"sum": {"field": "count"}}}},
                    },
                }
            },
            _is("kind", "retries"),
        ),
    ),
    "newswire-pipeline-by-worker": (
        "news-pipeline",
        _workers(
            _top(
                "worker",
                m0={"sum": {"field": "articles"}},
                m1={"max": {"field": "in_flight"}},
                m2={"max": {"field": "@timestamp"}},
            ),
            _is("kind", "progress"),
        ),
    ),
    "newswire-pipeline-by-reason": (
        "news-pipeline",
        _workers(
            _top("reason", m0={"sum": {"field": "count"}}, m1={"max": {"field": "@timestamp"}}),
            _is("kind", "dead-letters"),
        ),
    ),
}

# dashboard and field: the list of a control
CONTROLS: dict[tuple[str, str], tuple[str, Body]] = {
    ("newswire-newsroom", "source"): ("news", _listed("source")),
    ("newswire-newsroom", "people"): ("news", _listed("people")),
    ("newswire-newsroom", "organizations"): ("news", _listed("organizations")),
    ("newswire-newsroom", "places"): ("news", _listed("places")),
    ("newswire-newsroom", "language"): ("news", _listed("language")),
    ("newswire-story", "people"): ("news", _listed("people")),
    ("newswire-story", "organizations"): ("news", _listed("organizations")),
    ("newswire-story", "places"): ("news", _listed("places")),
    ("newswire-story", "speakers"): ("news", _listed("speakers")),
    ("newswire-pipeline", "worker"): (
        "news-pipeline",
        _workers(
            {
                "suggestions": {"terms": {"field": "worker", "size": 10, "shard_size": 10}},
                "unique_terms": {"cardinality": {"field": "worker"}},
            }
        ),
    ),
    ("newswire-pipeline", "agent"): (
        "news-pipeline",
        _workers(
            {
                "suggestions": {"terms": {"field": "agent", "size": 10, "shard_size": 10}},
                "unique_terms": {"cardinality": {"field": "agent"}},
            }
        ),
    ),
}


def _table(columns: list[str], *filters: Body, time: str = "@timestamp") -> Body:
    return {
        "size": 500,
        "query": _search({}, *filters, time=time)["query"],
        "sort": [
            {"@timestamp": {"order": "desc", "format": "strict_date_optional_time", "unmapped_type": "boolean"}}
        ],
        "fields": [{"field": column} for column in columns],
        "_source": False,
    }


SEARCHES: dict[str, Body] = {
    "newswire-newest": _table(["source", "headline", "dateline.text", "description"]),
    "newswire-corrections": _table(["source", "headline", "version", "edNote"], _is("signals", "correction")),
    "newswire-quotations": _table(["quoted", "speakers", "headline", "source"], {"exists": {"field": "speakers"}}),
    "newswire-agency": _table(
        ["source", "slugline", "headline", "dateline.place", "by", "urgency", "signals"],
        {"exists": {"field": "source"}},
    ),
    "newswire-day": _table(["@timestamp", "source", "headline", "mentioned_days", "places"], time="mentioned_days"),
}
