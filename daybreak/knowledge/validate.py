"""Is a knowledge file valid? All problems at once, each with its file, line and place."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from daybreak.knowledge.store import SECTIONS


class Invalid(Exception):
    """Knowledge that may not be used. `problems` are sentences, one for each thing to mend."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _Loader(yaml.CSafeLoader):
    """libyaml, but a key that stands twice is an error instead of a silent loss, and dates are text until the schema reads
    them: a day that does not exist is then a problem with its line like any other."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - the name and the kind are those of PyYAML
        first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
        for first, found in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the key '{key.value}' stands twice; keep one of them", key.start_mark
                    )
                seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def read_yaml(path: Path) -> Any:
    """One YAML file as Python values. Raises `yaml.YAMLError` with the line."""
    return read_text(path.read_bytes())


def read_text(content: bytes) -> Any:
    """YAML as Python values. Raises `yaml.YAMLError` with the line."""
    return yaml.load(content, Loader=_Loader)


def validated(section: str, files: Mapping[str, Path]) -> dict[str, Any]:
    """Every file of a section as plain data. Raises `Invalid` with the problems of all of them."""
    problems: list[str] = []
    found: dict[str, Any] = {}
    if not files:
        problems.append(f"{section}: no file {SECTIONS[section][0]} in the knowledge folder")
    _, module, name = SECTIONS[section]
    model: type[BaseModel] = getattr(import_module(f"daybreak.knowledge.schema.{module}"), name)
    for stem, path in files.items():
        try:
            found[stem] = model.model_validate(read_yaml(path)).model_dump(
                mode="json", by_alias=True, exclude_none=True, exclude_unset=False
            )
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = f":{mark.line + 1}" if mark else ""
            problems.append(f"{path.name}{line}: not readable as YAML: {getattr(error, 'problem', error)}")
        except UnicodeDecodeError:
            problems.append(f"{path.name}: not UTF-8; save it as UTF-8")
        except ValidationError as error:
            problems += places(path.name, path.read_bytes(), error)
    if problems:
        raise Invalid(problems)
    return found


def places(file: str, content: bytes, error: ValidationError) -> list[str]:
    """One sentence for each thing that the schema refuses, with its line."""
    root = yaml.compose(content, Loader=yaml.CSafeLoader)
    lines = []
    for one in error.errors(include_url=False):
        place = ".".join(str(step) for step in one["loc"]) or "the whole file"
        given = "" if one["type"] == "missing" else f", not {str(one['input'])[:60]!r}"
        line = _line(root, one["loc"])
        lines.append(f"{file}:{line}: {place}: {one['msg'][0].lower()}{one['msg'][1:]}{given}")
    return lines


def _line(node: Any, place: tuple[int | str, ...]) -> int:
    """The line of a place, or of the deepest part of it that exists."""
    for step in place:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == str(step)), node)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
    return node.start_mark.line + 1 if node is not None else 1
