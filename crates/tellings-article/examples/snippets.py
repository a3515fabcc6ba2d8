#!/usr/bin/env python3
"""Counts how many snippets of trafilatura's own test pages are right: those that belong to the text stand in it, the others do not.

    cargo run --release -p tellings-article --example pages -- FOLDER/html > texts.jsonl
    snippets.py FOLDER texts.jsonl      # the texts of one program, a line a page: {"id": the file's name without ending, "text": …}
    snippets.py FOLDER                  # the texts of PyPI trafilatura (pip install trafilatura; defaults, without comments)

FOLDER is the unpacked set (`$TELLINGS_SHARED/gold/unpack DEST pages/trafilatura`). Printed are all pages, then those whose
`html` element says that they are English.
"""
import json
import pathlib
import re
import sys

ENGLISH = re.compile(rb"""<html[^>]*\slang=["']?en(?![a-z])""", re.IGNORECASE)


def plain(text):
    return " ".join((text or "").split())


def asked(pages):
    """What PyPI trafilatura makes of the pages."""
    import trafilatura

    return {name: trafilatura.extract(html, include_comments=False) for name, html in pages.items()}


def right(cases, texts):
    """Snippets that are right, and all."""
    counts = [0, 0]
    for case in cases:
        text = plain(texts.get(case["file"][: -len(".html")]))
        for key, wanted in [("with", True), ("without", False)]:
            for snippet in case.get(key) or []:
                counts[0] += (plain(snippet) in text) == wanted
                counts[1] += 1
    return counts


def main(folder, *files):
    folder = pathlib.Path(folder)
    cases = json.loads((folder / "evaldata.json").read_text(encoding="utf-8")).values()
    cases = [case for case in cases if case.get("file", "").endswith(".html")]
    pages = {case["file"][: -len(".html")]: folder / "html" / case["file"] for case in cases}
    pages = {name: path.read_bytes() for name, path in pages.items() if path.exists()}
    cases = [case for case in cases if case["file"][: -len(".html")] in pages]
    english = [case for case in cases if ENGLISH.search(pages[case["file"][: -len(".html")]])]
    if files:
        with open(files[0], encoding="utf-8") as lines:
            texts = {row["id"]: row["text"] for row in map(json.loads, lines)}
    else:
        texts = asked(pages)
    for name, some in [("all", cases), ('lang="en"', english)]:
        good, of = right(some, texts)
        print(f"{name}: {len(some)} pages, {of} snippets, {100 * good / of:.1f} % right")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*sys.argv[1:])
