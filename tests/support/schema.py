"""JSON Schemas compared: a canonical form, and whether a later schema still reads what an earlier one did."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
_WORDS_ONLY = {"description", "examples", "title", "$comment"}


def models(schema: Schema, *, root: str) -> dict[str, Schema]:
    """Every object of a schema by name: `root` and those of `$defs`."""
    found = dict(schema.get("$defs", {}))
    if "properties" in schema:
        found[root] = {key: value for key, value in schema.items() if key != "$defs"}
    return found


def canonical(node: Any) -> Any:
    """A schema without its words, `anyOf` of simple types as a list of types, lists sorted where order is free."""
    if not isinstance(node, dict):
        return node
    slim = {key: value for key, value in node.items() if key not in _WORDS_ONLY}
    if "anyOf" in slim:
        options = [canonical(option) for option in slim.pop("anyOf")]
        if all(set(option) == {"type"} for option in options):
            slim["type"] = sorted(option["type"] for option in options)
        else:
            slim["anyOf"] = sorted(options, key=repr)
    if "enum" in slim:
        slim["enum"] = sorted(slim["enum"], key=repr)
        slim.pop("type", None)  # the values tell
    if isinstance(slim.get("type"), list):
        slim["type"] = sorted(slim["type"])
    for key in ("items", "additionalProperties"):
        if key in slim:
            slim[key] = canonical(slim[key])
    if "properties" in slim:
        slim["properties"] = {name: canonical(value) for name, value in slim["properties"].items()}
    if "default" in slim and isinstance(slim["default"], tuple):
        slim["default"] = list(slim["default"])
    if "required" in slim:
        slim["required"] = sorted(slim["required"])
    return slim


def breaking_changes(old: Schema, new: Schema, *, root: str) -> list[str]:
    """What of `new` would refuse, or give another meaning to, something that `old` accepts; empty: compatible."""
    problems: list[str] = []
    after = models(new, root=root)
    for name, before in models(old, root=root).items():
        if name not in after:
            problems.append(f"{name} is gone")
            continue
        problems += [f"{name}: {problem}" for problem in _breaking(canonical(before), canonical(after[name]))]
    return problems


def _breaking(old: Schema, new: Schema) -> list[str]:
    problems = [
        f"{field} is required now" for field in sorted(set(new.get("required", ())) - set(old.get("required", ())))
    ]
    for field, before in old["properties"].items():
        after = new["properties"].get(field)
        if after is None:
            problems.append(f"{field} is gone")
            continue
        gone = set(before.get("enum", ())) - set(after.get("enum", before.get("enum", ())))
        problems += [f"{field} no longer takes {value}" for value in sorted(gone)]
        if "enum" in after and "enum" not in before:
            problems.append(f"{field} is a closed list now")
        if _types(before) - _types(after):
            problems.append(f"{field} was {sorted(_types(before))}, is {sorted(_types(after))}")
        differing = {
            key
            for key in (before.keys() | after.keys()) - {"enum", "type", "anyOf"}
            if before.get(key) != after.get(key)
        }
        problems += [f"{field}: {key} changed" for key in sorted(differing)]
    return problems


def _types(node: Schema) -> set[str]:
    if "anyOf" in node:
        return set().union(*(_types(option) for option in node["anyOf"]))
    if "$ref" in node:
        return {node["$ref"]}
    kind = node.get("type", [])
    return {kind} if isinstance(kind, str) else set(kind)
