"""Counts the instructions that reading the sample reports takes, and fails where they are more than what is written down.

Time says little on a machine that others use, too; the number of instructions is the same on every run, so that a slow-down of a
few percent is seen. Of what waits for memory it says nothing: for that there is `cargo bench -p tellings`.

    cargo build --release && python3 tests/speed/instructions.py            compares with instructions.json beside this file
    cargo build --release && python3 tests/speed/instructions.py --update   writes it

Needs valgrind (its callgrind counts), strip, and a processor with AVX2: callgrind knows no wider registers, so that every such
machine takes the same way through the kernels of tellings-nn. Another version of the compiler makes other instructions; then
the bounds are wider until the file is written anew."""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEPT = Path(__file__).with_name("instructions.json")
# How much more than what is written down is too much: with the same compiler, and with another.
MARGIN, MARGIN_OTHER = 0.05, 0.20

# The stages, by the function that each of them is.
STAGES = {
    "article": r"tellings_article::(row|article)",
    "parse and names": r"tellings_parse::Parser::parse",
    "time": r"tellings_time::times",
    "link": r"tellings_link::Linker::link",
    "speech": r"tellings_speech::SpeechRules::speech",
    "event": r"tellings_event::EventRules::events",
    "JSON": r"tellings::json::write_reading",
}


def counted(program, folder, *arguments):
    """What a run of the program writes, and its instructions by function, with all that each calls."""
    out = folder / "callgrind.out"
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", "--quiet", f"--callgrind-out-file={out}", program, *arguments],
        input="The talks resumed.\n",
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "RAYON_NUM_THREADS": "1", "TZ": "UTC", "HOME": str(folder)},
    )
    if run.returncode not in (0, 2) or not out.exists():
        sys.exit(f"`tellings {' '.join(arguments)}` ended with {run.returncode} under valgrind:\n{run.stderr}")
    listed = subprocess.run(
        ["callgrind_annotate", "--inclusive=yes", "--threshold=100", "--show-percs=no", "--auto=no", out],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    functions = {}
    for line in listed.splitlines():
        found = re.match(r"\s*([\d,]+)\s+(?:\S*?:)?(.+?)(?: \[.*\])?$", line)
        if found:
            count, name = int(found[1].replace(",", "")), found[2].strip()
            functions[name] = max(count, functions.get(name, 0))
    return run.stdout, functions


def measured(program, folder):
    """The figures: instructions to start up, and for each word what the stages, reading and the record take."""
    samples = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("examples/*/*.txt"))
    _, start = counted(program, folder, "read", "-")
    start = start["PROGRAM TOTALS"]
    figures = {"start": start}
    text, functions = counted(program, folder, "read", "--quiet", *samples)
    words = sum(len(json.loads(line)["tokens"]) for line in text.splitlines())
    for stage, function in STAGES.items():
        counts = [count for name, count in functions.items() if re.match(f"<?{function}(?![:\\w])", name)]
        if not counts:
            sys.exit(f"no function `{function}` was seen: has it another name? Then say so in {Path(__file__).name}")
        figures[stage] = max(counts) // words
    figures["reading, a word"] = (functions["PROGRAM TOTALS"] - start) // words
    _, functions = counted(program, folder, "brief", "--quiet", "--output", "json", *samples)
    figures["reading and record, a word"] = (functions["PROGRAM TOTALS"] - start) // words
    return words, figures


def main():
    flags = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    if "avx2" not in flags:
        print("skipped: instructions are counted on machines with AVX2 only")
        return
    compiler = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        program = folder / "tellings"
        # Without line numbers each function is one line of the list.
        subprocess.run(["strip", "--strip-debug", "-o", program, ROOT / "target/release/tellings"], check=True)
        words, figures = measured(program, folder)
    if "--update" in sys.argv:
        KEPT.write_text(json.dumps({"compiler": compiler, "figures": figures}, indent=1) + "\n")
    kept = json.loads(KEPT.read_text())
    same = kept["compiler"] == compiler
    margin = MARGIN if same else MARGIN_OTHER
    print(f"instructions by callgrind: start-up, and for each of {words} words of the sample reports")
    slower = []
    for name, now in figures.items():
        before = kept["figures"].get(name)
        change = f"{100 * (now - before) / before:+6.1f} %" if before else "   new"
        print(f"  {name:28}{now:>14,}{change:>10}")
        # Of a small stage a few instructions are many percent.
        if before and now > before * (1 + margin) and now - before > 500:
            slower.append(name)
    if not same:
        print(f"  written down with {kept['compiler']}, now {compiler}: up to {MARGIN_OTHER:.0%} more are let pass")
    if slower:
        sys.exit(
            f"more than {margin:.0%} slower: {', '.join(slower)}. If that is what it costs, write it down:\n"
            "    cargo build --release && python3 tests/speed/instructions.py --update"
        )


if __name__ == "__main__":
    main()
