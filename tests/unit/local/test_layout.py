"""Where the local stack keeps its files, and whether its account can get there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.errors import Code, UserError
from pipeline.local import processes
from pipeline.local.layout import Account, account, check_space, layout
from pipeline.settings import Local
from tests.support.stack import folder_for_servers

SOMEBODY = Account(64_111, 64_111)  # owns nothing here


def test_folders_that_the_settings_name(tmp_path: Path) -> None:
    folders = layout(Local(cache_dir=str(tmp_path / "c"), data_dir="~/data"))
    assert folders.cache == tmp_path / "c"
    assert folders.data == Path.home() / "data"
    assert folders.server("kafka") == Path.home() / "data" / "kafka"


def test_the_usual_folders_are_not_in_a_closed_home_of_root() -> None:
    folders = layout(Local())
    if os.geteuid() == 0:
        assert not folders.cache.is_relative_to(Path.home())
        assert not folders.data.is_relative_to(Path.home())
    else:
        assert folders.cache.is_relative_to(Path.home())


def test_the_account_is_never_root() -> None:
    assert (account().uid is None) == (os.geteuid() != 0)
    assert account().uid != 0


def test_a_closed_folder_on_the_way_is_named() -> None:
    with folder_for_servers() as folder:  # pytest's own folders are closed
        closed = folder / "closed"
        (closed / "data").mkdir(parents=True)
        closed.chmod(0o700)
        with pytest.raises(UserError, match=f"may not enter {closed}") as caught:
            SOMEBODY.check_can_reach(closed / "data" / "not-yet", "NEWSWIRE__LOCAL__DATA_DIR")
        assert caught.value.code == Code.LOCAL_FAILED
        assert "NEWSWIRE__LOCAL__DATA_DIR" in str(caught.value.hint)
        closed.chmod(0o711)
        SOMEBODY.check_can_reach(closed / "data" / "not-yet", "NEWSWIRE__LOCAL__DATA_DIR")
        Account(None, None).check_can_reach(closed, "NEWSWIRE__LOCAL__DATA_DIR")


def test_space(tmp_path: Path) -> None:
    check_space(tmp_path / "not" / "yet", 1, "NEWSWIRE__LOCAL__DATA_DIR")
    with pytest.raises(UserError, match="MB are needed") as caught:
        check_space(tmp_path, 10**18, "NEWSWIRE__LOCAL__DATA_DIR")
    assert caught.value.code == Code.LOCAL_MISSING


def test_a_mark_has_no_spaces_and_is_that_of_one_folder() -> None:
    one, other = processes.mark(Path("/Application Support/a b")), processes.mark(Path("/Application_Support/a_b"))
    assert " " not in one
    assert one != other
