#!/usr/bin/env python3
"""Holds sensor/app/FACTS.md and fact.schema.json against what Hinomi tells.

Usage: test_facts_doc.py HINOMI

Each example is a line that its capture shows now; each fact and message has one, or a reason why
not; each member of an example is explained; each answer is what its question's command prints
(where there is a jq). The schema has the names of messages and attributes, and their types.
tests/captures/examples.py writes examples, answers and the schema's names anew.
"""
import functools
import json
import pathlib
import re
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "captures"))
from document import HEADING, answer, examples, fullest, questions  # noqa: E402
from facts import DOCUMENT, SCHEMA, attributes, kinds, messages, read  # noqa: E402

GENERAL = ("## Every line", "## Words that mean the same everywhere")
WITHOUT = "## Without an example"


def example_faults(document, lines_of):
    for example in examples(document):
        line = document[example.at]
        if line not in lines_of(example.arguments):
            yield f"line {example.at + 1}: {example.arguments} does not show it"
        elif fullest([line], example) is None:
            yield f"line {example.at + 1}: is no {example.fact} with {example.texts}"


def sections(document):
    """{"## TLS": its text}"""
    found, title = {}, ""
    for line in document:
        if line.startswith("## "):
            title = line
        found[title] = found.get(title, "") + line + "\n"
    return found


def words(text):
    return {word for quoted in re.findall("`([^`\n]+)`", text) for word in re.findall(r"\w+", quoted)}


def member_faults(document, texts):
    general = set().union(*(words(texts[title]) for title in GENERAL))
    title = ""
    shown = {example.at for example in examples(document)}
    for number, line in enumerate(document):
        title = line if line.startswith("## ") else title
        if number in shown:
            for member in sorted(set(json.loads(line)) - general - words(texts[title])):
                yield f"line {number + 1}: nothing is said about `{member}` below {title}"


def name_faults(document, texts):
    known = {*kinds(), *messages()}
    headings = {HEADING.match(line)[1] for line in document if line.startswith("### ")}
    shown = {example.fact for example in examples(document)}
    excused = set(re.findall(r"^- `([\w.]+)`: \w", texts.get(WITHOUT, ""), re.M))
    for name in sorted(known - headings):
        yield f"{name} has no heading of its own"
    for name in sorted((headings | shown | excused) - known):
        yield f"{name} is no fact any more"
    for name in sorted(known - shown - excused):
        yield f"{name} has no example, nor a reason for it"
    for name in sorted(shown & excused):
        yield f"{name} has an example, and a reason for none"
    for name in sorted(set(attributes()) - words("\n".join(document))):
        yield f"nothing is said about the attribute `{name}`"


def answer_faults(hinomi, document):
    for question in questions(document) if shutil.which("jq") else []:
        if answer(hinomi, question) != document[question.begin:question.end]:
            yield f"line {question.begin + 1}: the command prints {answer(hinomi, question)}"


def schema_faults():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]
    if schema["message_name"]["enum"] != messages():
        yield "its names of messages are not those of message.c"
    if sorted([*schema["no_message"]["enum"], *messages()]) != sorted({*kinds(), *messages()}):
        yield "its kinds of facts are not those of fact_lines.c"
    typed = {name: row.get("$ref", "").removeprefix("#/$defs/")
             for name, row in schema["attributes"]["properties"].items() if name != "cut"}
    if typed != attributes():
        differing = {*typed.items()} ^ {*attributes().items()}
        yield f"its attributes are not those of attributes.c: {sorted(name for name, _ in differing)}"


def main():
    hinomi = pathlib.Path(sys.argv[1]).resolve()
    lines_of = functools.lru_cache(None)(lambda arguments: read(hinomi, *arguments.split()))
    document = DOCUMENT.read_text(encoding="utf-8").split("\n")
    texts = sections(document)
    faults = [*example_faults(document, lines_of), *name_faults(document, texts),
              *member_faults(document, texts), *answer_faults(hinomi, document)]
    faults = [f"FACTS.md: {fault}" for fault in faults]
    faults += [f"fact.schema.json: {fault}" for fault in schema_faults()]
    print("\n".join(faults))
    sys.exit(bool(faults))


main()
