"""What facts there can be, by the sources; and what facts `hinomi read` tells of a capture."""
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CAPTURES = ROOT / "tests/captures"
SCHEMA = ROOT / "sensor/app/fact.schema.json"
DOCUMENT = ROOT / "sensor/app/FACTS.md"

# By attributes.c's kinds: what the schema calls one value of each, and a list of them.
TYPES = {"TEXT": ("text", "texts"), "NUMBER": ("count", "counts"), "FLAG": ("flag", None),
         "ADDRESS": ("ip", "ips"), "MAC": ("mac", None)}


def rows_of(source, pattern):
    found = re.findall(pattern, (ROOT / "sensor" / source).read_text(encoding="utf-8"))
    if not found:
        sys.exit(f"{source} has no rows like {pattern}: its table has changed")
    return found


def kinds():
    return rows_of("app/fact_lines.c", r'\[FACT_\w+\] = "([\w.]+)"')


def messages():
    return rows_of("fact/message.c", r'\[MESSAGE_\w+\]\s*=\s*"([\w.]+)"')


def attributes():
    """{name: what the schema calls its type}"""
    rows = rows_of("fact/attributes.c",
                   r'\[ATTRIBUTE_\w+\]\s*=\s*\{\s*"(\w+)",\s*ATTRIBUTE_IS_(\w+),\s*(true|false)\s*\}')
    return {name: TYPES[kind][is_list == "true"] for name, kind, is_list in rows}


def read(hinomi, *arguments):
    """All lines: facts, then cases and the summary. Paths of captures are from ROOT."""
    command = [str(hinomi), "read", "--facts", "--quiet", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, cwd=ROOT, timeout=300, check=False)
    if done.returncode != 0 or done.stderr:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}: "
                 f"{done.stderr.decode(errors='replace')}")
    return done.stdout.decode().splitlines()


def name_of(line):
    """"dns" …; None for a line that is no fact."""
    return json.loads(line).get("fact")
