"""Validates instances by JSON Schema 2020-12: reads {"schema": …, "instances": […]} and prints one line an error. Nothing is fetched: what a schema refers to lies in it."""
import json
import sys

from jsonschema import Draft202012Validator, RefResolver

asked = json.load(sys.stdin)
schema = asked["schema"]
Draft202012Validator.check_schema(schema)
bundled = {part["$id"]: part for part in schema.get("$defs", {}).values() if isinstance(part, dict) and "$id" in part}
resolver = RefResolver(schema.get("$id", ""), schema, store=bundled, handlers={scheme: None for scheme in ("http", "https")})
for number, instance in enumerate(asked["instances"]):
    for error in Draft202012Validator(schema, resolver=resolver).iter_errors(instance):
        print(f"{number}: /{'/'.join(map(str, error.absolute_path))}: {error.message}")
