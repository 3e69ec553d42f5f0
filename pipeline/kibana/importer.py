"""Bringing the saved objects into Kibana, and switching off what would pass by the alias' filter."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from typing import Any, Final, Literal

import msgspec

from pipeline.errors import Code, Fatal, NewswireError, Transient
from pipeline.kibana.build import ndjson
from pipeline.kibana.client import KibanaClient
from pipeline.kibana.objects import SavedObject

IMPORT: Final = "/api/saved_objects/_import?overwrite=true"
ADVANCED_SETTINGS: Final = "/internal/kibana/settings"
SUGGESTIONS: Final = "autocomplete:valueSuggestionMethod"
SAFE_SUGGESTIONS: Final = "terms_agg"  # Kibana's own default, terms_enum, would suggest words of embargoed articles
ERRORS_SHOWN: Final = 5


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What was done about one thing in Kibana; `kept`: it could not be, for the reason in `detail`."""

    kind: Literal["data view", "saved search", "dashboard", "panels", "advanced setting"]
    name: str
    done: Literal["created", "updated", "unchanged", "kept"]
    detail: str = ""


_KINDS: Final[dict[str, Literal["data view", "saved search", "dashboard"]]] = {
    "index-pattern": "data view",
    "search": "saved search",
    "dashboard": "dashboard",
}


def import_objects(client: KibanaClient, objects: Sequence[SavedObject]) -> list[Step]:
    """Import everything, in the place of what an earlier import brought; all of it or, with an error, maybe a part.

    Raises:
        Transient: `kibana.unreachable`: it can be called again later.
        Fatal: `kibana.refused`; `kibana.rejected` with Kibana's reasons, object by object.
    """
    boundary = secrets.token_hex(16)
    answer = client.post(
        IMPORT,
        _multipart(ndjson(objects), boundary),
        content_type=f"multipart/form-data; boundary={boundary}",
        doing="import the dashboards",
    )
    if not isinstance(answer, dict) or answer.get("success") is not True:
        raise _failed(answer)
    if answer.get("successCount") != len(objects):
        raise Fatal(
            Code.KIBANA_REJECTED,
            f"Kibana imported {answer.get('successCount')} of {len(objects)} objects",
            hint="newswire setup again; if it stays so, import the file of newswire setup --kibana-file FILE by hand",
        )
    replaced = {
        (each.get("type"), each.get("id")) for each in answer.get("successResults", ()) if each.get("overwrite")
    }
    steps = [
        Step(
            kind=_KINDS[each.type],
            name=str(each.attributes.get("name") or each.attributes["title"]),
            done="updated" if (each.type, each.id) in replaced else "created",
            detail=f"{client.url}/app/dashboards#/view/{each.id}" if each.type == "dashboard" else "",
        )
        for each in objects
        if each.type in _KINDS
    ]
    panels = [each for each in objects if each.type not in _KINDS]
    done: Literal["created", "updated"] = (
        "updated" if all((each.type, each.id) in replaced for each in panels) else "created"
    )
    return [*steps, Step(kind="panels", name=f"{len(panels)} of them", done=done)]


def secure_suggestions(client: KibanaClient) -> Step:
    """Have Kibana suggest values by a search, which the filter of the alias `news` holds back.

    Raises:
        Transient: `kibana.unreachable`.
    """
    body = json.dumps({"changes": {SUGGESTIONS: SAFE_SUGGESTIONS}}).encode()
    doing = f"set {SUGGESTIONS}"
    try:
        if _suggestions(client) == SAFE_SUGGESTIONS:
            return Step(kind="advanced setting", name=SUGGESTIONS, done="unchanged")
        client.post(ADVANCED_SETTINGS, body, content_type="application/json", doing=doing, internal=True)
    except Transient:
        raise
    except NewswireError as error:
        advice = f"set it to {SAFE_SUGGESTIONS} yourself: else values of embargoed articles are suggested"
        return Step(kind="advanced setting", name=SUGGESTIONS, done="kept", detail=f"{error}; {advice}")
    return Step(kind="advanced setting", name=SUGGESTIONS, done="updated")


def _suggestions(client: KibanaClient) -> Any:
    answer = client.get(ADVANCED_SETTINGS, doing=f"read {SUGGESTIONS}", internal=True)
    settings = answer.get("settings", {}) if isinstance(answer, dict) else {}
    return settings.get(SUGGESTIONS, {}).get("userValue")


def _multipart(lines: bytes, boundary: str) -> bytes:
    # Kibana looks at the file's name: it must end with .ndjson
    head = (
        f"--{boundary}\r\n"
        'Content-Disposition: form-data; name="file"; filename="newswire.ndjson"\r\n'
        "Content-Type: application/ndjson\r\n\r\n"
    )
    return head.encode() + lines + f"\r\n--{boundary}--\r\n".encode()


def _failed(answer: Any) -> Fatal:
    errors = answer.get("errors", ()) if isinstance(answer, dict) else ()
    reasons = [_reason(each) for each in errors[:ERRORS_SHOWN]]
    if len(errors) > ERRORS_SHOWN:
        reasons.append(f"and {len(errors) - ERRORS_SHOWN} more")
    return Fatal(
        Code.KIBANA_REJECTED,
        "\n  ".join([f"Kibana refused {len(errors) or 'the'} objects:", *reasons]),
        hint="Kibana must not be older than 8.9; newswire setup again once that is mended",
    )


def _reason(error: dict[str, Any]) -> str:
    why = error.get("error", {})
    parts = [str(why.get("type", "unknown")), str(why.get("message", ""))]
    missing = [f"{each.get('type')} {each.get('id')}" for each in why.get("references", ())]
    if missing:
        parts.append("missing " + ", ".join(missing))
    return f"{error.get('type')} {error.get('id')}: {': '.join(part for part in parts if part)[:300]}"
