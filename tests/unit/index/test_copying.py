"""From where a pass may go on: no shard is passed over; pure."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.errors import Code, Transient
from pipeline.index.copying import checkpoints


def copy(checkpoint: int | None, *, primary: bool = True) -> dict[str, Any]:
    told = {} if checkpoint is None else {"seq_no": {"max_seq_no": 99, "global_checkpoint": checkpoint}}
    return {"routing": {"state": "STARTED", "primary": primary}} | told


def test_each_shard_has_the_checkpoint_of_its_primary() -> None:
    copies = {"0": [copy(4, primary=False), copy(5)], "1": [copy(-1)]}
    assert checkpoints(copies, 2, index="news-articles-v1") == {"0": 5, "1": -1}


@pytest.mark.parametrize(
    "copies",
    [
        {},
        {"0": [copy(5)]},
        {"0": [copy(5)], "1": []},
        {"0": [copy(5)], "1": [copy(5, primary=False)]},
        {"0": [copy(5)], "1": [copy(None)]},
    ],
)
def test_a_shard_that_is_not_there_is_waited_for(copies: dict[str, Any]) -> None:
    with pytest.raises(Transient, match="of them are not there") as raised:
        checkpoints(copies, 2, index="news-articles-v1")
    assert raised.value.code is Code.ELASTICSEARCH_BUSY
