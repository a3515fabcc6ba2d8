"""Peers from PyPI as programs that speak the contract.

    python peer.py dateparser FILE.jsonl          a reading a line, with its times
    python peer.py trafilatura|readability|newspaper|resiliparse PAGE...   a reading a page, with its text, title and day
    python peer.py datasketch FILE.jsonl          pairs of ids that are near-duplicates, one a line
    python peer.py sumy FILE.jsonl                the summary of all, a sentence a line"""

import json
import re
import sys


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def dateparser(path):
    from datetime import datetime

    import dateparser.search
    from dateparser.date import DateDataParser

    for doc in lines(path):
        text, times, at = doc["text"], [], 0
        settings = {"PREFER_DATES_FROM": "past"}
        if doc.get("date"):
            settings["RELATIVE_BASE"] = datetime.fromisoformat(doc["date"][:10])
        periods = DateDataParser(languages=["en"], settings=settings)
        for words, found in dateparser.search.search_dates(text, languages=["en"], settings=settings) or []:
            start = text.find(words, at)
            if start < 0:
                continue
            at = start + len(words)
            # The gold's expressions begin behind their preposition.
            start += re.match(r"((on|in|at|by|since|until|from|of|the)\s+)*", words, re.I).end()
            period = periods.get_date_data(words).period
            value = found.strftime({"year": "%Y", "month": "%Y-%m", "time": "%Y-%m-%dT%H:%M"}.get(period, "%Y-%m-%d"))
            span = [len(text[:start].encode()), len(text[:at].encode())]
            times.append({"span": span, "type": "TIME" if "T" in value else "DATE", "value": value})
        print(json.dumps({"id": doc["id"], "text": text, "times": times}))


def pages(name, paths):
    for path in paths:
        with open(path, "rb") as file:
            page = file.read()
        try:
            text, title, day = PAGES[name](page)
        except Exception as error:  # A page that the peer cannot read has no text.
            print(f"{name}: {path}: {error}", file=sys.stderr)
            text, title, day = "", None, None
        published = {"value": day}
        print(json.dumps({"source": {"path": path}, "text": text or "", "title": title, "bylines": [], "published": published}))


def by_trafilatura(page):
    from trafilatura import bare_extraction

    found = bare_extraction(page, include_comments=False, with_metadata=True)
    return (found.text, found.title, found.date) if found else ("", None, None)


def by_readability(page):
    import lxml.html
    from readability import Document

    document = Document(page.decode("utf-8", "replace"))
    body = lxml.html.fromstring(document.summary())
    text = "\n\n".join(" ".join(e.itertext()).strip() for e in body.iter("p", "h1", "h2", "h3", "h4", "li", "pre"))
    return text or " ".join(body.itertext()), document.short_title(), None


def by_newspaper(page):
    import newspaper

    article = newspaper.Article(url="http://localhost/", fetch_images=False)
    article.download(input_html=page.decode("utf-8", "replace"))
    article.parse()
    return article.text, article.title, article.publish_date and article.publish_date.strftime("%Y-%m-%d")


def by_resiliparse(page):
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import detect_encoding
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse_from_bytes(page, detect_encoding(page))
    return extract_plain_text(tree, main_content=True, alt_texts=False), tree.title, None


PAGES = {"trafilatura": by_trafilatura, "readability": by_readability, "newspaper": by_newspaper, "resiliparse": by_resiliparse}


def datasketch(path):
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=0.5, num_perm=128)
    for doc in lines(path):
        words = re.findall(r"\w+", doc["text"].lower())
        sketch = MinHash(num_perm=128)
        sketch.update_batch([" ".join(words[i : i + 5]).encode() for i in range(max(1, len(words) - 4))])
        for other in index.query(sketch):
            print(other, doc["id"])
        index.insert(doc["id"], sketch)


def sumy(path):
    from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
    from sumy.summarizers.lex_rank import LexRankSummarizer

    class Words:
        """Its own tokeniser loads data from the network; this one needs none."""

        @staticmethod
        def to_words(sentence):
            return re.findall(r"\w+", sentence)

    split = re.compile(r"(?<=[.!?])\s+")
    sentences = [Sentence(s, Words) for doc in lines(path) for s in split.split(doc["text"]) if s.strip()]
    for sentence in LexRankSummarizer()(ObjectDocumentModel([Paragraph(sentences)]), 20):
        print(sentence)


if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    if name in PAGES:
        pages(name, arguments)
    else:
        {"dateparser": dateparser, "datasketch": datasketch, "sumy": sumy}[name](*arguments)
