#!/usr/bin/env python3
"""Joins the offsets of `wikinews.jsonl` with the reports they were made on, which are not in this repository.

    join.py FOLDER [FILE] > gold.jsonl     FOLDER holds wikinews_2019.csv and wikinews_2020.csv (gold/raw/wikinews-2019-2020)

FILE is `wikinews.jsonl`, or `second.jsonl` (fifteen other reports). Each line is one report: `id` (its address), `bytes`
(length of its text in UTF-8, as a check) and
`quotes` with `content`, `cue`, `source` (byte spans) and `kind`. The output is what `score.py quotes` reads.
"""
import csv
import json
import pathlib
import sys


def main(folder, name="wikinews.jsonl"):
    texts = {}
    for file in sorted(pathlib.Path(folder).glob("wikinews_*.csv")):
        with open(file, newline="", encoding="utf-8") as rows:
            texts.update((row["url"], row["text"]) for row in csv.DictReader(rows))
    with open(pathlib.Path(__file__).parent / name, encoding="utf-8") as lines:
        for report in map(json.loads, lines):
            text = texts.get(report["id"])
            if text is None or len(text.encode()) != report["bytes"]:
                sys.exit(f"{report['id']}: the report is missing or another version")
            print(json.dumps({"id": report["id"], "text": text, "gold": {"quotes": report["quotes"]}}))


if __name__ == "__main__":
    main(*sys.argv[1:3])
