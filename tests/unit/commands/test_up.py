"""How `newswire up` ends where its folder cannot be made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

COMMAND = (sys.executable, "-m", "pipeline.cli")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "data"
    ended = subprocess.run(
        [*COMMAND, "up"],
        env=os.environ | {"NEWSWIRE__LOCAL__DATA_DIR": str(folder)},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert f"local.data_dir: the folder {folder} cannot be used: Not a directory" in ended.stderr
