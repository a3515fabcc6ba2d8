"""What attackers write stays words: the sanitiser cases of feedparser and the trees of html5lib, as title, outlet, address and text of
reports, on every page of the desk that shows them, in a real browser that would run them.

The cases are taken from the shared data folder (`TELLINGS_SHARED`, default `../shared` beside the checkout); without it this is skipped."""

import html
import json
import os
import pathlib
import re
import subprocess
import tarfile
import urllib.parse
import urllib.request

import pytest

from test_desk import ROOT, TELLINGS

SHARED = pathlib.Path(os.environ.get("TELLINGS_SHARED", ROOT / "../shared"))
# Cases in one report; of each set every so many reports are looked at in the browser.
TOGETHER = 12
PAGES = 24
# Elements that the desk itself writes, as the browser names them.
OURS = set(
    "html head meta title link script body a header nav form label input button p main div h1 h2 h3 span table thead tbody tr th td "
    "ul ol li section article details summary footer time strong b mark q svg path rect circle line text g use defs marker figure "
    "figcaption br code kbd blockquote dl dt dd pre small select option optgroup fieldset legend image desc polygon".split()
)


def members(name, fits):
    with tarfile.open(SHARED / "gold/hostile" / f"{name}.tar.xz") as archive:
        for member in archive:
            if member.isfile() and fits(member.name):
                yield archive.extractfile(member).read().decode("utf-8", "replace")


def cases():
    fields = r"<(content|title|description|summary|subtitle|info|tagline|copyright|rights|body|div)\b[^>]*>(.*?)</\1>"
    for feed in members("feedparser", lambda name: "/sanitize/" in name):
        for _, words in re.findall(fields, feed, re.S):
            yield html.unescape(words)
    for file in members("html5lib", lambda name: "tree-construction" in name and name.endswith(".dat")):
        for case in re.split(r"^#data\n", file, flags=re.M)[1:]:
            yield case.split("\n#errors")[0]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    if not (SHARED / "gold/hostile").is_dir():
        pytest.skip(f"no shared data at {SHARED} (set TELLINGS_SHARED)")
    words = [case for case in dict.fromkeys(cases()) if case.strip() and len(case) < 2000]
    folder = tmp_path_factory.mktemp("hostile")
    rows = folder / "rows.jsonl"
    count = 0
    with rows.open("w") as out:
        for at in range(0, len(words), TOGETHER):
            some = words[at : at + TOGETHER]
            told = [f'The minister of France met {one} in Geneva on Monday and said: "{one}".' for one in some]
            row = {"id": f"h{count}", "title": f"Talks {some[0]}", "text": "\n\n".join(told), "date": "2024-03-05"}
            out.write(json.dumps({**row, "source": some[-1], "url": "https://example.org/" + some[0], "author": some[0]}) + "\n")
            count += 1
    # And as pages: their bytes are shown as they came.
    (folder / "pages").mkdir()
    for at in range(0, len(words), TOGETHER * 10):
        body = "".join(f"<p>The minister met the president in Geneva on Monday. {one}</p>" for one in words[at : at + TOGETHER])
        (folder / "pages" / f"p{at}.html").write_text(f"<html><head><title>{words[at]}</title></head><body>{body}</body></html>")
    store = folder / "desk.db"
    # What cannot be read is told and passed over.
    subprocess.run([TELLINGS, "add", "--store", store, rows, folder / "pages"], capture_output=True)
    served = subprocess.Popen(
        [TELLINGS, "serve", "--store", store, "--listen", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True
    )
    yield re.search(r"http://[\d.:]+", served.stderr.readline()).group(), words
    served.terminate()
    served.wait(30)


def test_hostile_words_are_inert_on_every_page(hostile, browser):
    base, words = hostile
    assert len(words) > 1500

    def ask(path):
        return json.load(urllib.request.urlopen(base + path, timeout=60))

    def quoted(text):
        return urllib.parse.quote(text, safe="")

    reports = [one["id"] for one in ask("/api/v1/reports?limit=500")["reports"]]
    assert len(reports) > len(words) / TOGETHER / 2
    step = max(1, len(reports) // PAGES)
    paths = ["/", "/events?limit=500", "/sources", "/problems", "/review", "/search?q=Geneva"]
    for report in reports[::step]:
        paths += [f"/report/{quoted(report)}?layer=names&layer=quotes&layer=claims&layer=events", f"/report/{quoted(report)}?view=original"]
    paths += [f"/story/{quoted(one['id'])}" for one in ask("/api/v1/stories?limit=20")["stories"]]
    paths += [f"/event/{quoted(one['id'])}" for one in ask("/api/v1/events?limit=10")["events"]]
    paths += [f"/search?q={quoted(case)}" for case in words[:: len(words) // 20]]
    paths += [f"/actor/{quoted(case)}" for case in words[:: len(words) // 10]]
    # Script may run, and the page's policy is put aside: the words alone must do nothing.
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    asked, talked = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (talked.append(dialog.message), dialog.dismiss()))
    for path in paths:
        page.goto(base + path, wait_until="domcontentloaded")
        seen = page.evaluate(
            """() => {
                const all = [...document.querySelectorAll('*')];
                const on = all.flatMap(e => [...e.attributes].filter(a => a.name.startsWith('on') || a.name === 'style'
                    || a.name === 'srcdoc' || /^(src|href|action|xlink:href)$/.test(a.name) && /^\\s*(javascript|data|vbscript):/i.test(a.value))
                    .map(a => e.outerHTML.slice(0, 120)));
                return {names: [...new Set(all.map(e => e.localName))], on, scripts: document.scripts.length};
            }"""
        )
        assert not seen["on"], (path, seen["on"][:3])
        assert set(seen["names"]) <= OURS, (path, set(seen["names"]) - OURS)
        assert seen["scripts"] == 1, path
    context.close()
    assert not talked and all(url.startswith(base) for url in asked), (talked, [u for u in asked if not u.startswith(base)][:5])
