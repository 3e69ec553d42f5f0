"""A step of a spaCy pipeline that misbehaves when an article asks for it; a config brings it into NLP processes."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import time
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.article import Timex

CONFIG = """
[nlp]
lang = "en"
pipeline = ["misbehave"]

[nlp.before_creation]
@callbacks = "newswire.Modules.v1"
modules = ["tests.support.steps"]

[nlp.tokenizer]
@tokenizers = "newswire.Tokenizer.v1"
package = null

[components]

[components.misbehave]
factory = "misbehave"
folder = "{folder}"
"""


@Language.factory("misbehave")
class Misbehave:
    """Obeys the first word of the article; leaves one timex per article, so that its work can be seen."""

    def __init__(self, nlp: Language, name: str, folder: str) -> None:
        self.folder = Path(folder)

    def __call__(self, doc: Doc) -> Doc:
        match doc.text.split():
            case ["RAISE", *_]:
                raise ValueError("as the article wished")
            case ["KILL", *_]:
                os.kill(os.getpid(), signal.SIGKILL)
            case ["SEGFAULT", *_]:
                # a core file is of no use here, and the process ends only when it is written
                resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
                ctypes.string_at(0)
            case ["EXIT", *_]:
                os._exit(3)
            case ["HANG", *_]:
                while True:  # busy, and deaf to signals that Python would handle
                    pass
            case ["ONCE", name, *_]:  # the process dies the first time, not the second
                mark = self.folder / name
                if not mark.exists():
                    mark.touch()
                    os.kill(os.getpid(), signal.SIGKILL)
            case ["SLEEP", seconds, *_]:
                (self.folder / "sleeping").touch()
                time.sleep(float(seconds))
            case _:
                pass
        doc._.dates = [
            Timex(text=doc.text[:4], start=0, end=len(doc.text[:4]), type="DATE", value=str(len(doc.text)))
        ]
        return doc


def config(folder: Path) -> Path:
    """A config with the misbehaving step alone, which keeps its marks in `folder`."""
    path = folder / "misbehave.cfg"
    path.write_text(CONFIG.format(folder=folder), encoding="utf-8")
    return path
