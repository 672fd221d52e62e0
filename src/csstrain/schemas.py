"""JSON Schema of content files, so that editors complete and check while one writes."""

from __future__ import annotations

import json
from typing import Any

from csstrain.model import KINDS, PLURALS

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def content_schema() -> str:
    """The schema of one content file: a mapping from kinds to what they hold."""
    definitions: dict[str, Any] = {}
    properties: dict[str, Any] = {}
    for kind, model in KINDS.items():
        schema = model.model_json_schema(ref_template="#/$defs/{model}")
        definitions |= schema.pop("$defs", {})
        definitions[model.__name__] = schema
        one = {"$ref": f"#/$defs/{model.__name__}"}
        properties[kind] = one
        properties[PLURALS[kind]] = {"type": "array", "items": one}
    whole = {
        "$schema": DIALECT,
        "title": "csstrain content",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "$defs": dict(sorted(definitions.items())),
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
