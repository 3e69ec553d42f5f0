"""What stands in texts of others reaches scripts and terminals as it is."""

from __future__ import annotations

import json

from pipeline.commands.common import err, out, print_error, script_json
from pipeline.errors import Code, UserError

TEXT = "urn:key:1 :warning: [bold]x[/] [/nothing] \\[y]"


def test_json_is_printed_as_it_is() -> None:
    with out.capture() as printed:
        out.print(script_json({"uri": TEXT}), markup=False)
    assert json.loads(printed.get()) == {"uri": TEXT}


def test_an_error_names_things_as_they_are_written() -> None:
    with err.capture() as printed:
        print_error(UserError(Code.USAGE, TEXT, hint=f"newswire show {TEXT}"))
    assert printed.get().split("\n")[:2] == [f"error (usage): {TEXT}", f"  next: newswire show {TEXT}"]
