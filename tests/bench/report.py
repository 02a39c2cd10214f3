"""The table at the end of a benchmark: plain text that is Markdown too."""
import json

from measuring import median

MIB = 1024


def number(value):
    """1234567 as 1,234,567; a small one with as many digits as it bears; None is a run that failed."""
    if value is None:
        return "-"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def plain(name):
    """`slice_office_mix` as a person writes it."""
    return name.partition("_")[2].replace("_", " ")


def table(head, rows):
    cells = [head] + [[row[0], *map(str, row[1:])] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    lines = ["| " + " | ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                               for i, (cell, width) in enumerate(zip(row, widths))) + " |" for row in cells]
    rule = "|" + "|".join("-" * (width + 2 - (i > 0)) + (":" if i > 0 else "")
                          for i, width in enumerate(widths)) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


class Report:
    def __init__(self, has_corpus):
        self.parts = []
        self.usage = {}
        self.notes = []
        self.mix = "../shared/corpus" if has_corpus else "tests/golden (no ../shared/corpus here)"

    def add(self, title, head, rows):
        self.parts.append(f"{title}\n\n{table(head, rows)}\n")

    def add_instructions(self, all_of_them, captures, per_packet, starts):
        rows = [[who.name, *(number(per_packet[who.name, capture.name]) for capture in captures),
                 number(starts[who.name, "start"])] for who in all_of_them]
        self.add("Instructions for each packet (start-up, in instructions, is not in them)",
                 ["", *(f"{plain(capture.name)} ({number(capture.packets)})" for capture in captures), "start-up"],
                 rows)

    def add_usage(self, all_of_them, capture, rounds):
        """A program that failed once on a capture has no figure there."""
        ours = next(who.name for who in all_of_them if who.is_ours)
        for who in all_of_them:
            runs = [turn[who.name] for turn in rounds]
            good = all(run.finished for run in runs)
            ratios = [turn[ours].cpu / turn[who.name].cpu for turn in rounds]
            self.usage.setdefault(capture.name, {})[who.name] = (
                [median([run.cpu for run in runs]), median(ratios), max(run.peak_kib for run in runs) / MIB]
                if good else [None] * 3)

    def add_usages(self):
        captures = list(self.usage)
        names = list(self.usage[captures[0]])
        for index, title in enumerate(("CPU seconds (median)",
                                       "Hinomi's CPU seconds by those of each (median of pairs)",
                                       "Peak memory, MiB")):
            self.add(title, ["", *map(plain, captures)],
                     [[name, *(number(self.usage[capture][name][index]) for capture in captures)]
                      for name in names])

    def add_memory_of_flows(self, all_of_them, kind, few, many, peaks):
        rows = []
        for who in all_of_them:
            low, high = peaks[who.name, few], peaks[who.name, many]
            slope = (high.peak_kib - low.peak_kib) * 1024 / (many - few)
            if not (low.finished and high.finished):
                rows.append([who.name, "-", "-", "-"])
                continue
            rows.append([who.name, number(low.peak_kib / MIB), number(high.peak_kib / MIB), number(slope)])
        self.add(f"Flows alive at once ({kind}): peak memory in MiB, and bytes for each more flow",
                 ["", f"{few:,} flows", f"{many:,} flows", "bytes/flow"], rows)

    def note_evictions(self, kind, flows, summary):
        """A flow that was ended early was not alive, and its memory not needed: the figure would be too good."""
        evicted = json.loads(summary)["flows_evicted"] if summary.startswith("{") else None
        if evicted != 0:
            self.notes.append(f"Hinomi's table was too small for {flows:,} flows ({kind}): {evicted} evicted.")

    def add_flatness(self, unit, costs, name="Hinomi"):
        first = next(iter(costs.values()))
        rows = [[f"{flows:,}", number(cost), number(cost / first) if cost and first else "-"]
                for flows, cost in costs.items()]
        self.add(f"Cost of a packet by flows alive: {name} ({unit}; opening them is not in it)",
                 ["flows alive", unit, "ratio"], rows)

    def add_start(self, runs, workers):
        self.add("Hinomi's start: to read one packet, process start and end included", ["", "least ms", "median ms"],
                 [[name, number(min(times) * 1e3), number(median(times) * 1e3)]
                  for name, times in (("wall", [run.wall for run in runs]), ("CPU", [run.cpu for run in runs]))])
        none = workers[0]
        rows = []
        for count, runs in workers.items():
            cpu = median([run.cpu / base.cpu for run, base in zip(runs, none)])
            wall = median([run.wall / base.wall for run, base in zip(runs, none)])
            rows.append([str(count), number(median([run.cpu for run in runs])),
                         number(median([run.wall for run in runs])), number(cpu), number(wall)])
        self.add("Hinomi's workers on the office mix (pairs)",
                 ["workers", "CPU s", "wall s", "CPU ratio", "wall ratio"], rows)

    def text(self, missing, has_valgrind, load):
        if self.usage:
            self.add_usages()
        notes = [*self.notes, "- stands where a program failed or took longer than --seconds.",
                 f"Office mix made of: {self.mix}.", f"Load of the machine at the end: {load:.1f}."]
        if missing:
            notes.append(f"Not installed, so not compared: {', '.join(missing)}.")
        if not has_valgrind:
            notes.append("No valgrind here: instructions were skipped.")
        return "\n".join(["", *self.parts, *notes])
