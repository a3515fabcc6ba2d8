"""Tellings beside other programs, on the same documents: accuracy by the scorers of the shared data, and processor time.

    cargo build --release && python3 bench/peers/run.py > table.md

Gets the peers from npm and PyPI into target/peers (wheels only, no scripts run), the documents from the shared data folder
(TELLINGS_SHARED, default ../shared) and the pages from .gold/pages/wcxb. Each runs alone; times are processor seconds of one run,
less those of a run on next to nothing. docs/peers.md says what each is made for."""

import csv
import gzip
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
PLACE = ROOT / "target/peers"
SHARED = Path(os.environ.get("TELLINGS_SHARED", ROOT / "../shared")).resolve()
DEV = SHARED / "eval/dev"
PAGES = ROOT / ".gold/pages/wcxb"
NPM = ["wink-nlp@2.4.0", "wink-eng-lite-web-model@1.8.1", "compromise@14.17.0", "chrono-node@2.10.3"]
PYPI = ["dateparser==1.5.0", "trafilatura==2.3.1", "readability-lxml==0.9", "newspaper4k==0.9.6", "resiliparse==2.0.1", "datasketch==2.0.0"]
MANY_PAGES = 200
# Summaries: what sumy asks for in vain as wheels, or does not use here, is left out.
ALONE = ["sumy==0.13.0", "docopt-ng==0.9.0", "pycountry", "nltk", "breadability"]
TELLINGS = [ROOT / "target/release/tellings"]
PYTHON = [PLACE / "venv/bin/python", HERE / "peer.py"]
NODE = ["node", HERE / "peer.js"]


def install():
    PLACE.mkdir(parents=True, exist_ok=True)
    if not (PLACE / "node_modules/chrono-node").exists():
        subprocess.run(["npm", "install", "--silent", "--ignore-scripts", "--prefix", PLACE, *NPM], check=True, stdout=sys.stderr)
    if not PYTHON[0].exists():
        subprocess.run([sys.executable, "-m", "venv", PLACE / "venv"], check=True)
        pip = [PYTHON[0], "-m", "pip", "install", "--quiet", "--only-binary", ":all:"]
        subprocess.run([*pip, "--upgrade", "pip"], check=True, stdout=sys.stderr)
        subprocess.run([*pip, *PYPI], check=True, stdout=sys.stderr)
        subprocess.run([*pip, "--no-deps", *ALONE], check=True, stdout=sys.stderr)


def run(command, out):
    """Processor seconds of a command whose output goes into a file."""
    environment = {**os.environ, "NODE_PATH": str(PLACE / "node_modules"), "RAYON_NUM_THREADS": "1"}
    with open(out, "wb") as file:
        child = subprocess.Popen([str(part) for part in command], stdout=file, stderr=subprocess.DEVNULL, env=environment)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 2):
        print(f"failed ({child.returncode}): {' '.join(map(str, command))}", file=sys.stderr)
    return usage.ru_utime + usage.ru_stime


def score(task, gold, predicted, *more):
    command = [sys.executable, SHARED / "eval/score.py", task, "--gold", gold, "--pred", predicted, "--json", *more]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout.splitlines()[0])


def percent(figures, *keys):
    """The figures of these names; a layer that the peer has not is a dash."""
    found = [figures.get(key) for key in keys]
    return [f"{100 * f:.1f}" if f else "–" for f in found]


def row(*cells):
    print("| " + " | ".join(map(str, cells)) + " |")


def table(title, *columns):
    print(f"\n## {title}\n")
    row(*columns)
    row(*["---"] * len(columns))


def write(path, docs):
    keys = ("id", "text", "title", "date", "url", "outlet")
    path.write_text("".join(json.dumps({k: d[k] for k in keys if k in d}, ensure_ascii=False) + "\n" for d in docs), encoding="utf-8")
    return path


def load(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def news():
    csv.field_size_limit(1 << 30)
    docs = []
    for year in (2019, 2020):
        with open(SHARED / f"gold/raw/wikinews-2019-2020/wikinews_{year}.csv", encoding="utf-8") as file:
            for i, found in enumerate(csv.DictReader(file)):
                if len(found["text"]) > 200:
                    docs.append({"id": f"{year}-{i}", "text": found["text"], "title": found["title"], "date": found["date"]})
    return docs


def command(name, file):
    if name == "tellings":
        return [*TELLINGS, "read", "--quiet", "--input", "jsonl", file]
    return [*(NODE if name in ("wink", "compromise", "chrono") else PYTHON), name, file]


def main():
    install()
    folder = Path(tempfile.mkdtemp())
    out = folder / "out.jsonl"
    texts = news()
    words = sum(len(d["text"].split()) for d in texts)
    many, one = write(folder / "news.jsonl", texts), write(folder / "one.jsonl", [{"id": "one", "text": "Talks resumed.", "date": "2020-01-01"}])

    def speed(name, file=many, count=words):
        return f"{count / max(1e-3, run(command(name, file), out) - run(command(name, one), folder / 'none')):,.0f}"

    print(f"{time.strftime('%Y-%m-%d')}, {subprocess.run(['node', '--version'], capture_output=True, text=True).stdout.strip()}, Python {sys.version.split()[0]}")
    table("Sentences, words, tags", "program", "sentences F1", "words F1", "UPOS F1", "of the other text: sentences", "words", "UPOS", "words a second")
    golds = [DEV / "parse-gum-dev.jsonl", DEV / "parse-ewt-dev.jsonl.gz"]
    for name in ("tellings", "wink", "compromise"):
        cells = []
        for gold in golds:
            file = gold
            if gold.suffix == ".gz":
                file = folder / gold.stem
                file.write_bytes(gzip.decompress(gold.read_bytes()))
            run(command(name, write(folder / "in.jsonl", load(file))), out)
            cells += percent(score("parse", file, out), "sentences F1", "words F1", "UPOS")
        row(name, *cells, speed(name))

    table("Names of persons, places and organisations", "program", "web English: exact F1", "overlap F1", "politics: exact", "overlap", "conflict: exact", "overlap")
    for name in ("tellings", "compromise"):
        cells = []
        for part in ("ewt", "crossner", "re3d"):
            gold = DEV / f"ner-{part}-dev.jsonl"
            run(command(name, write(folder / "in.jsonl", load(gold))), out)
            cells += percent(score("ner", gold, out), "micro F1", "overlap F1")
        row(name, *cells)

    table("Times", "program", "histories: relaxed F1", "strict F1", "value F1", "dated news: relaxed", "strict", "value", "words a second")
    few = texts[:20]
    for name in ("tellings", "chrono", "dateparser"):
        cells = []
        for gold in (DEV / "time-wikiwars-dev.jsonl", DEV / "report-wikinews-dev.jsonl"):
            run(command(name, write(folder / "in.jsonl", load(gold))), out)
            cells += percent(score("time", gold, out), "relaxed F1", "strict F1", "value F1")
        slow = name == "dateparser"
        count = sum(len(d["text"].split()) for d in few)
        row(name, *cells, speed(name, write(folder / "few.jsonl", few), count) if slow else speed(name))

    gold = DEV / "pages-wcxb-dev.jsonl.gz"
    with gzip.open(gold, "rt", encoding="utf-8") as file:
        pages = [PAGES / "html" / json.loads(line)["html"] for line, _ in zip(file, range(MANY_PAGES))]
    small = folder / "small.html"
    small.write_text("<html><title>Talks</title><p>The talks resumed on Monday.</p></html>")
    if pages[0].exists():
        table("Pages", "program", "shingle F1", "word F1", "titles right", "days right", "days right of those given", "pages a second")
        for name in ("tellings", "trafilatura", "readability", "newspaper", "resiliparse"):
            of = lambda *paths: [*(([*TELLINGS, "read", "--quiet", "--input", "html"]) if name == "tellings" else [*PYTHON, name]), *paths]
            seconds = run(of(*pages), out) - run(of(small), folder / "none")
            figures = score("pages", gold, out, "--html", PAGES, "--limit", MANY_PAGES)
            days = score("pagedate", gold, out, "--html", PAGES, "--limit", MANY_PAGES)
            row(name, *percent(figures, "F1", "word F1", "title"), *percent(days, "accuracy", "precision"), f"{len(pages) / seconds:,.0f}")
    else:
        print("\nskipped: pages: unpack gold/pages/wcxb into .gold/pages")

    table("Near-duplicates", "program", "copies found", "cut by a third", "one word in twelve left out", "halves", "false pairs", "reports a second")
    rng = random.Random(5)
    made, truth = [], {}
    for doc in [d for d in texts if len(d["text"].split()) > 150][:200]:
        plain = re.split(r"(?<=[.!?])\s+", doc["text"])
        kinds = {
            "copy": plain,
            "cut": plain[: max(1, len(plain) * 2 // 3)],
            "thin": [" ".join(w for w in s.split() if rng.random() > 1 / 12) for s in plain],
            "half": plain[: max(1, len(plain) // 2)],
        }
        made.append({"id": doc["id"], "text": doc["text"], "date": doc["date"]})
        for kind, sentences in kinds.items():
            made.append({"id": f"{doc['id']}-{kind}", "text": " ".join(sentences), "date": doc["date"]})
            truth[f"{doc['id']}-{kind}"] = kind
    rng.shuffle(made)
    file = write(folder / "copies.jsonl", made)
    matter = lambda id: "-".join(id.split("-")[:2])
    for name in ("tellings", "datasketch"):
        if name == "tellings":
            of = lambda path: [*TELLINGS, "stories", "--quiet", "--input", "jsonl", "--output", "json", path]
        else:
            of = lambda path: command(name, path)
        seconds = run(of(file), out) - run(of(one), folder / "none")
        if name == "tellings":
            groups = [lineage["documents"] for story in json.loads(out.read_text())["stories"] for lineage in story["lineages"]]
            pairs = {frozenset((a, b)) for group in groups for a in group for b in group if a < b}
        else:
            pairs = {frozenset(line.split()) for line in out.read_text().splitlines()}
        found = {kind: [] for kind in ("copy", "cut", "thin", "half")}
        for id, kind in truth.items():
            found[kind].append(frozenset((matter(id), id)) in pairs)
        false = sum(len({matter(id) for id in pair}) > 1 for pair in pairs)
        row(name, *(f"{100 * sum(f) / len(f):.1f}" for f in found.values()), f"{false} of {len(pairs)}", f"{len(made) / seconds:,.0f}")

    table("A story of several reports told in brief", "program", "its statements cited", "words read a second")
    story = sorted((ROOT / "examples/hangzhou").glob("*.txt"))
    docs = [{"id": path.stem, "text": path.read_text(encoding="utf-8"), "date": "2016-09-05"} for path in story]
    count = sum(len(d["text"].split()) for d in docs)
    file = write(folder / "story.jsonl", docs)
    for name in ("tellings", "sumy"):
        of = (lambda path: [*TELLINGS, "brief", "--quiet", "--words", "500", "--input", "jsonl", path]) if name == "tellings" else (lambda path: command(name, path))
        seconds = run(of(file), out) - run(of(one), folder / "none")
        row(name, "all" if name == "tellings" else "none", f"{count / max(1e-3, seconds):,.0f}")

    print("\n" + ", ".join(NPM + PYPI + ALONE[:1]))


if __name__ == "__main__":
    main()
