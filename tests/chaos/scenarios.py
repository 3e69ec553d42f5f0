"""The table of scenarios: what `make chaos` does, and of which `make test` does a short version."""

from __future__ import annotations

from typing import Final

from tests.chaos import answer_faults as answers
from tests.chaos import disk_faults as disks
from tests.chaos import network_faults as network
from tests.chaos import order_faults as order
from tests.chaos import poison_faults as poison
from tests.chaos import server_faults as servers
from tests.chaos import worker_faults as workers
from tests.chaos import worlds
from tests.chaos.scenario import RECOVERED_WITHIN, Scenario, Size

SESSION_TIMEOUT: Final = 20.0  # seconds, the default: how long Kafka waits for a worker that vanished
SHORT_SESSION: Final = 6.0  # seconds, the least that Kafka takes
REQUEST_TIMEOUT: Final = 30.0  # seconds, the default: how long a client waits for an answer

WORKERS: Final = (
    Scenario(
        "worker-sigkill",
        "worker killed {faults} times (SIGKILL)",
        workers.sigkill,
        long=Size(8000, faults=20, rate=50),
    ),
    Scenario(
        "worker-another-name",
        "worker killed and another name in its place, {faults} times",
        workers.another_name,
        long=Size(2000, faults=2),
        settings={"worker": {"session_timeout": SHORT_SESSION}},
        recovered_within=RECOVERED_WITHIN + SHORT_SESSION,
    ),
    Scenario(
        "worker-sigterm",
        "worker stopped {faults} times (SIGTERM), each time gone within 10 s",
        workers.sigterm,
        long=Size(4000, faults=10),
    ),
    Scenario(
        "worker-storm",
        "storm of {faults} joins and leaves of one to three workers",
        workers.storm,
        long=Size(4000, faults=12),
        recovered_within=RECOVERED_WITHIN + SESSION_TIMEOUT,
    ),
    Scenario(
        "nlp-killed",
        "NLP processes killed {faults} times",
        workers.nlp_killed,
        long=Size(4000, faults=20),
    ),
)
SERVERS: Final = (
    Scenario(
        "kafka-killed",
        "broker killed {faults} times for {seconds} s, during push and work",
        servers.kafka_killed,
        long=Size(4000, faults=2, seconds=10),
    ),
    Scenario(
        "elasticsearch-killed",
        "Elasticsearch killed {faults} times for {seconds} s",
        servers.elasticsearch_killed,
        long=Size(4000, faults=3, seconds=20),
    ),
    Scenario(
        "elasticsearch-away",
        "Elasticsearch away for {seconds} s",
        servers.elasticsearch_killed,
        long=Size(4000, seconds=180, rate=50),
    ),
    Scenario(
        "all-at-once",
        "everything killed at once {faults} times, then `newswire up`",
        servers.all_at_once,
        long=Size(4000, faults=5),
    ),
)
ANSWERS: Final = (
    Scenario("items-429", "30 % of the items answered 429 ({faults} items)", answers.busy, long=Size(3000)),
    Scenario(
        "answers-lost",
        "30 % of the answers lost after they were applied ({faults} answers)",
        answers.answers_lost,
        long=Size(3000),
        short=Size(300),
        settings={"index": {"bulk_documents": 50}},
    ),
    Scenario(
        "too-large-413",
        "bulk requests over a proxy's limit answered 413 ({faults} times)",
        answers.too_large,
        long=Size(3000),
        check=answers.large_ones_are_dead_letters,
    ),
)
ARTICLES: Final = (
    Scenario(
        "poison",
        "2 % poison of eight kinds ({faults} records)",
        poison.some_poison,
        long=Size(3000),
        check=poison.poison_is_intact,
    ),
    Scenario(
        "poison-alone",
        "nothing but poison from an offset on: the brake stops the worker {faults} times",
        poison.nothing_but_poison,
        long=Size(2000, faults=3),
        check=poison.all_poison_was_given_up,
        settings={"worker": {"brake": poison.BRAKE}},
    ),
    Scenario(
        "ill-will",
        "articles that hang the NLP or kill its process ({faults} articles)",
        poison.ill_will,
        long=Size(2000, faults=8),
        check=poison.ill_will_is_given_up,
        settings={"enrichment": {"timeout": poison.NLP_TIMEOUT}},
    ),
    Scenario("large", "articles of 1, 5 and 50 MB ({faults})", order.large, long=Size(2000, faults=6)),
    Scenario(
        "repeated",
        "every article pushed 1 to 5 times, then a full replay ({faults} copies)",
        order.repeated,
        long=Size(3000),
    ),
    Scenario(
        "shuffled",
        "five versions and kills in any order, two workers ({faults} corrections)",
        order.shuffled,
        long=Size(3000),
    ),
    Scenario(
        "clock-skew",
        "two workers with clocks up to 12 h ahead and behind, jumping {faults} times",
        order.skewed_clock,
        long=Size(2000, faults=6),
    ),
)
DISKS: Final = (
    Scenario(
        "disk-full-kafka",
        "disk full at Kafka {faults} times",
        disks.kafka,
        long=Size(4000, faults=2, seconds=5),
        world=worlds.kafka_on_a_small_disk,
    ),
    Scenario(
        "disk-full-elasticsearch",
        "disk full at Elasticsearch: flood stage for {seconds} s",
        servers.flood_stage,
        long=Size(2000, seconds=15, rate=50),
    ),
    Scenario(
        "disk-full-state",
        "disk full under the local state {faults} times",
        disks.local_state,
        long=Size(2000, faults=2),
        world=worlds.small_disk_for_state,
    ),
)
NETWORK: Final = (
    Scenario(
        "network-cut",
        "connections to Kafka cut {faults} times for {seconds} s",
        network.cut,
        long=Size(4000, faults=5, seconds=3),
        short=Size(300, seconds=2),
        world=worlds.kafka_behind_a_proxy,
    ),
    Scenario(
        "network-half-open",
        "connections to Kafka lost without a word {faults} times",
        network.half_open,
        long=Size(4000, faults=2),
        world=worlds.kafka_behind_a_proxy,
        recovered_within=RECOVERED_WITHIN + REQUEST_TIMEOUT,
    ),
    Scenario(
        "network-slow",
        "every packet to and from Kafka 0.5 s late, {faults} times for {seconds} s",
        network.slow,
        long=Size(2000, faults=2, seconds=15, rate=50),
        world=worlds.kafka_behind_a_proxy,
    ),
)

SCENARIOS: Final = WORKERS + SERVERS + ANSWERS + ARTICLES + DISKS + NETWORK
