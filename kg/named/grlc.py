"""The decorators of grlc 1.3, in the terms of our front matter.

In: the mapping of a file's `#+` comments. Out: the same with grlc's keys replaced by ours, and what of it has no
effect here, in words. `summary` and plain texts are taken for both languages; `enumerate` and `defaults` go to the
parameters of the same name; `pagination` is the length of a page. Source: grlc's README, section on decorators.
"""

from typing import Any, Final

Told = tuple[str, str, str]
"""The key, what is told of it, and a hint."""

_WITHOUT_EFFECT: Final = {
    "endpoint": "queries are asked of this service",
    "endpoint_in_url": "queries are asked of this service",
    "endpoint-method": "queries are asked of this service",
    "method": "each query takes GET and POST",
    "transform": "rows are plain already",
    "since": "",
    "licence": "",
    "auth": "",
}


def from_grlc(given: dict[str, Any]) -> tuple[dict[str, Any], list[Told]]:
    """A front matter in our terms, and what is told of grlc's."""
    front = dict(given)
    told: list[Told] = []
    summary = front.pop("summary", None)
    if isinstance(summary, str) and summary:
        front.setdefault("title", summary)
        front.setdefault("description", summary)
    for key in ("title", "description"):
        if isinstance(front.get(key), str) and front[key]:
            told.append((key if key in given else "summary", f"the {key} has one language", "write {nb: …, en: …}"))
            front[key] = {"nb": front[key], "en": front[key]}
    for key, reason in _WITHOUT_EFFECT.items():
        if key in front:
            del front[key]
            told.append((key, f"{key} has no effect here", reason))
    told += _pagination(front)
    parameters = front.get("parameters")
    known: dict[str, Any] = parameters if isinstance(parameters, dict) else {}
    front.update({"parameters": {**known}} if isinstance(parameters, dict) else {})
    for key, ours in (("enumerate", "enum"), ("defaults", "default")):
        told += _spread(front, key, ours)
    return front, told


def _pagination(front: dict[str, Any]) -> list[Told]:
    size = front.pop("pagination", None)
    if size is None:
        return []
    if isinstance(front.get("paging"), dict):
        front["paging"] = {"limit": size, **front["paging"]}
        return []
    return [("pagination", "pagination has no effect without a key", "add paging: {key: [column]}")]


def _spread(front: dict[str, Any], key: str, ours: str) -> list[Told]:
    """Give the parameters what a list of `- name: value` says of them."""
    told: list[Told] = []
    entries = front.pop(key, None)
    for entry in entries if isinstance(entries, list) else []:
        pairs = entry.items() if isinstance(entry, dict) else [(str(entry), None)]
        for name, value in pairs:
            parameter = front.get("parameters", {}).get(str(name).lstrip("?_"))
            if value is None:
                told.append((key, f"{name} is not enumerated from the data", "list its values"))
            elif isinstance(parameter, dict):
                front["parameters"][str(name).lstrip("?_")] = {ours: value, **parameter}
            else:
                told.append((key, f"{name} is no parameter", "declare it, and write VALUES ?name { … }"))
    return told
