"""The pictures of the tour in docs/desk.md, from the sample stories: `python tests/browser/tour.py` (needs what the tests here need).

The command `tellings` is taken from `TELLINGS`, else from `target/debug`; the browser from `CHROMIUM`, else `/usr/bin/chromium`."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import urllib.request

from playwright.sync_api import sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[2]
TELLINGS = os.environ.get("TELLINGS", str(ROOT / "target/debug/tellings"))
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
OUT = ROOT / "docs/desk"


def main():
    with tempfile.TemporaryDirectory() as folder:
        store = f"{folder}/desk.db"
        samples = [str(ROOT / "examples" / name) for name in ("hangzhou", "ceasefire", "vienna")]
        subprocess.run([TELLINGS, "add", "--store", store, *samples], check=True, capture_output=True)
        served = subprocess.Popen(
            [TELLINGS, "serve", "--store", store, "--listen", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True
        )
        base = re.search(r"http://[\d.:]+", served.stderr.readline()).group()

        def ask(path):
            return json.load(urllib.request.urlopen(base + path, timeout=30))

        story = ask("/api/v1/stories?q=Hangzhou")["stories"][0]["id"]
        event = ask(f"/api/v1/events?story={story}&agreement=disputed")["events"][0]["id"]
        pages = {
            "stories": "/",
            "story": f"/story/{story}",
            "event": f"/event/{event}",
            "report": "/report/norwire-0905?layer=names&layer=dates&layer=places&layer=quotes",
        }
        OUT.mkdir(exist_ok=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1040, "height": 660}, color_scheme="light")
            for name, path in pages.items():
                page.goto(base + path)
                page.screenshot(path=OUT / f"{name}.jpg", type="jpeg", quality=48)
            browser.close()
        served.terminate()
        served.wait(30)


if __name__ == "__main__":
    main()
