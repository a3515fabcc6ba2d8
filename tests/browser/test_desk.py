"""The desk in a browser: every page on a phone and on a desk, with script and without, light and dark, by keyboard; no violation of
WCAG 2.2 AA that axe can find, nothing wider than the window, nothing asked of anybody else.

The command `tellings` is taken from `TELLINGS`, else from `target/debug`; axe from `AXE` (`axe.min.js` of the npm package `axe-core`);
With `SHOTS` set to a folder, pictures of the pages are written there."""

import json
import os
import pathlib
import re
import subprocess
import urllib.parse
import urllib.request

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TELLINGS = os.environ.get("TELLINGS", str(ROOT / "target/debug/tellings"))
AXE = os.environ.get("AXE")
SHOTS = os.environ.get("SHOTS")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def desk(tmp_path_factory):
    """A desk on the sample stories: its address, and an id of each kind."""
    store = tmp_path_factory.mktemp("desk") / "desk.db"
    samples = [str(ROOT / "examples" / name) for name in ("hangzhou", "ceasefire", "vienna")]
    subprocess.run([TELLINGS, "add", "--store", str(store), *samples], check=True, capture_output=True)
    served = subprocess.Popen(
        [TELLINGS, "serve", "--store", str(store), "--listen", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True
    )
    base = re.search(r"http://[\d.:]+", served.stderr.readline()).group()

    def ask(path):
        return json.load(urllib.request.urlopen(base + path, timeout=30))

    story = ask("/api/v1/stories?q=Hangzhou")["stories"][0]["id"]
    event = ask("/api/v1/events?sort=origins")["events"][0]["id"]
    quoted = urllib.parse.quote("person/barack-obama", safe="")
    pages = {
        "stories": "/",
        "story": f"/story/{story}",
        "event": f"/event/{event}",
        "report": "/report/norwire-0905?mark=10-60&layer=names&layer=dates&layer=places&layer=quotes&layer=claims&layer=events#b10-60",
        "original": "/report/norwire-0905?view=original",
        "search": "/search?q=Obama",
        "events": "/events",
        "actor": f"/actor/{quoted}",
        "sources": "/sources",
        "review": "/review",
        "problems": "/problems",
        "about": "/about",
        "missing": "/story/none",
    }
    yield base, pages
    served.terminate()
    assert served.wait(30) == 0


def look(browser, base, **how):
    """A window of its own, and what it asked for and complained of."""
    context = browser.new_context(**how)
    page = context.new_page()
    page.set_default_timeout(20_000)
    asked, wrong = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    return context, page, asked, wrong


def faults(page, name):
    """What axe finds on the page, and by how much it is wider than the window."""
    found = []
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if over > 0:
        found.append(f"{name}: {over} px too wide")
    if AXE:
        page.evaluate(pathlib.Path(AXE).read_text())
        told = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
        for violation in told["violations"]:
            where = [node["target"] for node in violation["nodes"][:3]]
            found.append(f"{name}: {violation['id']}: {violation['help']}: {where}")
    return found


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_fits(desk, browser, width, scheme):
    base, pages = desk
    # Axe itself is put into the page, which the page's policy would not let in.
    context, page, asked, wrong = look(
        browser, base, viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    found = []
    for name, path in pages.items():
        page.goto(base + path)
        found += faults(page, name)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{width}-{scheme}.png")
    context.close()
    # The missing page is missing: the browser says so.
    wrong = [line for line in wrong if "404" not in line]
    assert not found and not wrong, found + wrong
    assert all(url.startswith(base) for url in asked), asked


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("script", [False, True])
def test_users_come_in_and_their_pages_are_accessible(tmp_path, browser, width, script):
    store = tmp_path / "desk.db"
    subprocess.run([TELLINGS, "add", "--store", store, ROOT / "examples/ceasefire"], check=True, capture_output=True)
    add = [TELLINGS, "user", "--store", store, "add", "anna", "--role", "admin", "--password-stdin"]
    subprocess.run(add, input="a long word and two", text=True, check=True, capture_output=True)
    served = subprocess.Popen(
        [TELLINGS, "serve", "--login", "--store", store, "--listen", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True
    )
    try:
        base = re.search(r"http://[\d.:]+", served.stderr.readline()).group()
        context, page, asked, wrong = look(
            browser, base, viewport={"width": width, "height": 900}, java_script_enabled=script, bypass_csp=True
        )
        found = []

        def seen(name):
            found.extend(faults(page, name) if script else [])
            if SHOTS:
                page.screenshot(path=f"{SHOTS}/{name}-{width}-{script}.png")

        # Whoever is not known is asked who they are, and then led to where they wanted to go.
        page.goto(base + "/audit")
        assert "/login" in page.url
        seen("login")
        for word in ("another word", "a long word and two"):
            page.locator("main input[name=name]").fill("anna")
            page.locator("main input[name=password]").fill(word)
            page.locator("main form.login button").click()
            seen(f"login with {word}")
        assert page.url == base + "/audit" and "anna" in page.locator("main").inner_text()
        page.goto(base + "/account")
        seen("account")
        page.locator("main form[action='/logout'] button").click()
        page.goto(base + "/")
        assert "/login" in page.url
        context.close()
        # The wrong word is refused: the browser says so.
        wrong = [line for line in wrong if "401" not in line and "403" not in line]
        assert not found and not wrong, found + wrong
        assert all(url.startswith(base) for url in asked), asked
    finally:
        served.terminate()
        assert served.wait(30) == 0


def test_pages_work_without_script_and_ask_nobody_else(desk, browser):
    base, pages = desk
    for script in (False, True):
        context, page, asked, wrong = look(browser, base, viewport={"width": 390, "height": 900}, java_script_enabled=script)
        for path in pages.values():
            page.goto(base + path)
            assert page.locator("h1").count() == 1 and page.locator("main").inner_text().strip()
        # From a story to the words of a report, by links alone.
        page.goto(base + pages["story"])
        page.locator("a.cite").first.click()
        assert page.locator("mark").first.is_visible() and "/report/" in page.url
        # Search by the form.
        page.goto(base + "/search")
        page.locator("main input[name=q]").fill("ceasefire")
        page.locator("main form button").click()
        assert page.locator("ol.hits mark").first.is_visible()
        # A layer is switched on by its box alone.
        page.goto(base + "/report/norwire-0905")
        name = page.locator(".text .n").first
        before = name.evaluate("e => getComputedStyle(e).backgroundColor") if script else None
        page.locator("#l-names").check()
        if script:
            assert name.evaluate("e => getComputedStyle(e).backgroundColor") != before
        context.close()
        wrong = [line for line in wrong if "404" not in line]
        assert not wrong and all(url.startswith(base) for url in asked), (wrong, asked)


@pytest.mark.parametrize("script", [False, True])
def test_an_event_is_rejected_and_taken_back(desk, browser, script):
    base, _ = desk
    context, page, _, wrong = look(browser, base, viewport={"width": 1280, "height": 900}, java_script_enabled=script)
    page.goto(base + "/review")
    event = page.locator(".ask a.id").inner_text()
    if script:
        with page.expect_navigation():
            page.keyboard.press("r")
    else:
        page.locator("button", has_text="No such event").click()
    assert page.locator("[role=status]", has_text="Kept as").is_visible()
    assert page.locator(".ask a.id").inner_text() != event
    if script:
        with page.expect_navigation():
            page.keyboard.press("u")
    else:
        page.locator(".notice button", has_text="Undo").click()
    assert page.locator("td", has_text="undone").first.is_visible()
    page.goto(base + "/review")
    assert page.locator(".ask a.id").inner_text() == event
    context.close()
    assert not wrong


def test_the_keyboard_reaches_everything(desk, browser):
    base, pages = desk
    context, page, _, _ = look(browser, base, viewport={"width": 1280, "height": 900})
    page.goto(base + pages["stories"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("Geneva")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/search?q=Geneva" in page.url
    # Whatever can be clicked can be reached, and shows where one is.
    page.goto(base + pages["story"])
    shown = page.evaluate(
        """() => [...document.querySelectorAll('main a, main button, main input, main summary')].filter(e => {
            if (e.closest('details:not([open])') && e.tagName !== 'SUMMARY') return false;
            e.focus();
            const s = getComputedStyle(e);
            return document.activeElement !== e || s.outlineStyle === 'none' && !e.matches(':focus-visible');
        }).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert not shown, shown[:5]
    context.close()


def test_a_page_says_when_something_new_has_come(desk, browser):
    base, _ = desk
    context, page, _, _ = look(browser, base, viewport={"width": 1280, "height": 900})
    with page.expect_response("**/live"):
        page.goto(base + "/")
    # Another page of the same desk writes.
    other = context.new_page()
    other.goto(base + "/review")
    other.locator("button", has_text="Right").click()
    other.locator(".notice button", has_text="Undo").wait_for()
    other.locator(".notice button", has_text="Undo").click()
    page.locator("#live a").wait_for(state="visible")
    context.close()
