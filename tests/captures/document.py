"""Where FACTS.md has its examples and its questions, and what has to stand there."""
import collections
import json
import os
import re
import subprocess
import sys

from facts import ROOT, name_of

# ### `dns`
HEADING = re.compile(r"^#+ (?:`([\w.]+)`)?")
# From `tests/captures/dns-tcp.pcap`, with `"response":true` and `"addresses"`:
CAPTION = re.compile(r"^From `([^`]+)`(?:, with (.*))?:$")

# `at` is the index of its line; `arguments` are those of `hinomi read --facts`.
Example = collections.namedtuple("Example", "at fact arguments texts")
# Its answer stands in the lines from `begin` to before `end`.
Question = collections.namedtuple("Question", "command begin end")


def examples(document):
    found, fact, caption = [], None, None
    for number, line in enumerate(document):
        if HEADING.match(line):
            fact, caption = HEADING.match(line)[1], None
        elif CAPTION.match(line):
            caption = CAPTION.match(line)
        elif line == "```json":
            if not (fact and caption):
                sys.exit(f"FACTS.md:{number + 1}: an example without heading and capture")
            texts = re.findall("`([^`]+)`", caption[2] or "")
            found.append(Example(number + 1, fact, caption[1], texts))
            caption = None
    return found


def fullest(lines, example):
    fitting = [line for line in lines if name_of(line) == example.fact
               and all(text in line for text in example.texts)]
    return max(fitting, key=lambda line: len(json.loads(line)), default=None)


def questions(document):
    found = []
    for number, line in enumerate(document):
        if line == "```sh":
            end = document.index("```", number)
            found.append(Question("\n".join(document[number + 1:end]), end + 2,
                                  document.index("```", end + 2)))
    return found


def answer(hinomi, question):
    """The lines that the question's command prints."""
    places = f"{hinomi.parent}:{os.environ['PATH']}"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", question.command], cwd=ROOT, check=False,
                          capture_output=True, timeout=300,
                          env={**os.environ, "PATH": places, "LC_ALL": "C"})
    if done.returncode != 0 or done.stderr:
        sys.exit(f"{question.command}\nexit {done.returncode}: {done.stderr.decode()}")
    return [line.expandtabs(4) for line in done.stdout.decode().splitlines()]
