"""A real browser against a real server. Every page that a journey passes is looked at with axe."""

import os
from functools import cache

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from desk.demo import PASSWORD, make_demo
from tests.backup import Backup
from tests.browser.chromium import FLAGS, chromium

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
    "resultTypes": ["violations"],
}
VIOLATIONS = "rules => axe.run(rules).then(results => results.violations)"
WIDER_THAN_THE_WINDOW = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > width)
    .map((element) => element.outerHTML.slice(0, 150)).slice(-3);
}"""
# Playwright's synchronous interface runs an event loop, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """Somebody at a browser: goes to pages, reads them, presses what has a name."""

    def __init__(self, page: Page, base: str, *, language: str, scripts: bool):
        self.page, self.base, self.language, self.scripts = page, base, language, scripts
        self.faults = []
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.set_default_timeout(15_000)

    def hear(self, message):
        if message.type in {"error", "warning"}:
            where = f"{self.page.url}: {message.location.get('url', '')}"
            self.faults.append(f"{where}: console {message.type}: {message.text}")

    def go(self, path):
        answer = self.page.goto(self.base + path)
        assert answer.status == 200, f"{path}: {answer.status}"
        self.look()

    def look(self):
        """Look at the page as it stands: axe, its language, and whether it fits on a phone."""
        self.page.wait_for_load_state()
        assert self.page.locator("html").get_attribute("lang") == self.language
        if not self.scripts:
            return
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        for violation in self.page.evaluate(VIOLATIONS, RULES):
            nodes = [node["html"][:200] for node in violation["nodes"]]
            self.faults.append(f"{self.page.url}: axe {violation['id']}: {nodes}")
        wide = self.page.viewport_size
        self.page.set_viewport_size({"width": 320, "height": 900})
        if wide_elements := self.page.evaluate(WIDER_THAN_THE_WINDOW):
            self.faults.append(f"{self.page.url}: wider than a phone: {wide_elements}")
        self.page.set_viewport_size(wide)

    def sign_in(self, email):
        self.page.goto(self.base + "/accounts/login/")
        self.page.locator("input[name=login]").fill(email)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("form:has(input[type=password]) button").click()
        self.page.wait_for_url(self.base + "/")
        self.look()

    def follow(self, name, *, within=None):
        (within or self.page).get_by_role("link", name=name, exact=True).first.click()
        self.look()

    def press(self, name, *, within=None):
        (within or self.page).get_by_role("button", name=name, exact=True).first.click()
        self.look()

    def fill(self, label, text):
        self.page.get_by_label(label).first.fill(text)

    def reads(self, text):
        expect(self.page.locator("main")).to_contain_text(text)

    def is_content(self):
        """To be called at the end: nothing was wrong on any page."""
        assert self.faults == []


@cache
def demo_of(hour) -> Backup:
    """The demo, made once; and anew each hour, since it tells of days before today."""
    make_demo()
    return Backup()


@pytest.fixture
def visit(browser, live_server, transactional_db, settings):
    """Open a browser window for somebody: `visit("coordinator@demo.example", language="en")`.

    `visit(None)` opens one in which nobody has signed in.
    """
    settings.DEMO = True
    demo_of(timezone.now().replace(minute=0, second=0, microsecond=0)).restore()
    windows = []

    def open_window(email, *, language="en", scripts=True):
        context = browser.new_context(
            locale=language,
            java_script_enabled=scripts,
            viewport={"width": 1280, "height": 900},
        )
        context.add_cookies(
            [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}]
        )
        windows.append(context)
        visitor = Visitor(context.new_page(), live_server.url, language=language, scripts=scripts)
        if email:
            visitor.sign_in(email)
        return visitor

    yield open_window
    for context in windows:
        context.close()
