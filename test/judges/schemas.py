"""schemas.py FOLDER CRD...: JSON schemas as kubeconform wants them, below FOLDER.

Kubernetes' own, one folder a version, from the package kubernetes-validate; those of custom resources from their
definitions. All of them are strict: a field that the API server would drop is an error.
"""

import json
import pathlib
import re
import sys

import kubernetes_validate
import yaml

FIRST, LAST = 30, 36
# PyYAML takes a lone = for a type of YAML 1.1 that it knows no value of.
yaml.CSafeLoader.add_constructor("tag:yaml.org,2002:value", lambda _, node: node.value)
REFERENCE = re.compile(r'"(?:/api/_definitions\.json)?#/\$defs/([^"]+)"')
OWN = pathlib.Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"


def of_kubernetes(minor: int, folder: pathlib.Path) -> None:
    source = OWN / f"v1.{minor}.0-local-strict"
    target = folder / f"v1.{minor}.0-standalone-strict"
    target.mkdir(parents=True)
    definitions = json.loads((source / "_definitions.json").read_text())["$defs"]
    for file in source.glob("*.json"):
        schema = json.loads(file.read_text())
        # Published under an address that nobody is to be asked at.
        schema.pop("$id", None)
        if "kind" in schema.get("properties", {}):
            (target / file.name).write_text(with_definitions(schema, definitions))


def with_definitions(schema: dict, definitions: dict) -> str:
    """A schema with what it refers to and no more: a file with everything would be read for each kind."""
    found: dict = {}
    waiting = [json.dumps(schema)]
    while waiting:
        for name in set(REFERENCE.findall(waiting.pop())) - found.keys():
            found[name] = definitions[name]
            waiting.append(json.dumps(definitions[name]))
    return json.dumps({**schema, "$defs": found}).replace("/api/_definitions.json#", "#")


def strict(schema: object) -> object:
    """What the API server means by a structural schema: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema"""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("x-kubernetes-int-or-string"):
        return {"type": ["integer", "string"]}
    closed = "properties" in schema and not schema.get("x-kubernetes-preserve-unknown-fields")
    result = {
        key: {name: strict(each) for name, each in value.items()} if key == "properties" else strict(value)
        for key, value in schema.items()
    }
    # Below oneOf and its like stand conditions, which have no type and describe no whole object.
    if closed and schema.get("type") == "object":
        result.setdefault("additionalProperties", False)
    return result


def of_custom_resources(definitions: list[str], folder: pathlib.Path) -> None:
    target = folder / "custom"
    target.mkdir()
    for file in definitions:
        for document in yaml.load_all(pathlib.Path(file).read_text(), Loader=yaml.CSafeLoader):
            if not document or document.get("kind") != "CustomResourceDefinition":
                continue
            spec = document["spec"]
            for version in spec["versions"]:
                name = f"{spec['names']['kind']}-{spec['group'].split('.')[0]}-{version['name']}.json".lower()
                schema = strict(version["schema"]["openAPIV3Schema"])
                schema["properties"]["metadata"] = {"type": "object"}
                (target / name).write_text(json.dumps(schema))


root = pathlib.Path(sys.argv[1])
for number in range(FIRST, LAST + 1):
    of_kubernetes(number, root)
of_custom_resources(sys.argv[2:], root)
