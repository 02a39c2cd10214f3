#!/usr/bin/env python3
"""Brings FACTS.md and fact.schema.json up to date with what Hinomi tells now.

Usage: examples.py HINOMI
       examples.py --find FACT HINOMI    lines of that fact, the fullest first, each with its capture

In sensor/app/FACTS.md each example's line is written anew: of what stands above it the line of that
fact with the most members, the first of several; `with` lists texts that it must hold. What its
capture no longer shows stays as it is, and is named: tests/command/test_facts_doc.py fails on it,
and on messages without any example. So are the answers to the questions at the end, where there is
a jq. In the schema the names of messages and attributes become those of message.c and attributes.c.
"""
import functools
import json
import pathlib
import shutil
import sys

from document import answer, examples, fullest, questions
from facts import CAPTURES, DOCUMENT, SCHEMA, attributes, messages, name_of, read


def update_document(hinomi):
    lines_of = functools.lru_cache(None)(lambda arguments: read(hinomi, *arguments.split()))
    document = DOCUMENT.read_text(encoding="utf-8").split("\n")
    for example in examples(document):
        line = fullest(lines_of(example.arguments), example)
        if line is None:
            print(f"FACTS.md:{example.at + 1}: {example.arguments} shows no {example.fact} "
                  f"with {example.texts}")
        else:
            document[example.at] = line
    # From the end: an answer may become longer, and those before it stay where they are.
    for question in reversed(questions(document) if shutil.which("jq") else []):
        document[question.begin:question.end] = answer(hinomi, question)
    DOCUMENT.write_text("\n".join(document), encoding="utf-8")


def replace_rows(text, opening, closing, rows):
    """The lines between `opening`, the first after it, and `closing`."""
    begin = text.index("\n", text.index(opening)) + 1
    return text[:begin] + "".join(rows) + text[text.index(closing, begin):]


def update_schema():
    text = SCHEMA.read_text(encoding="utf-8")
    names = ",\n".join(f'        "{name}"' for name in messages()) + "\n"
    head = text.index('    "message_name": {\n')
    text = text[:head] + replace_rows(text[head:], '"enum": [\n', "      ]\n", [names])
    types = [f'        "{name}": {{ "$ref": "#/$defs/{kind}" }},\n'
             for name, kind in attributes().items()]
    head = text.index('    "attributes": {\n')
    rest = replace_rows(text[head:], '"properties": {\n', '        "cut":', types)
    SCHEMA.write_text(text[:head] + rest, encoding="utf-8")


def find(hinomi, fact):
    found = [(line, capture.name) for capture in sorted(CAPTURES.glob("*.pcap"))
             for line in read(hinomi, capture) if name_of(line) == fact]
    for line, capture in sorted(found, key=lambda one: -len(json.loads(one[0]))):
        print(f"{capture}: {line}")


def main():
    hinomi = pathlib.Path(sys.argv[-1]).resolve()
    if sys.argv[1] == "--find":
        find(hinomi, sys.argv[2])
    else:
        update_schema()
        update_document(hinomi)


main()
