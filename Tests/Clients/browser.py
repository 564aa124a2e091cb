"""A real browser for the console's tests: Debian's Chromium, driven by Playwright.

What is looked at everywhere is looked at here: messages on the browser's console, violations of the page's policy, requests
to other hosts, contrast, names of controls, and sideways scrolling.
"""

import contextlib
import json
import os
import time

from playwright.sync_api import sync_playwright

CHROMIUM = os.environ.get("GATEWAY_CHROMIUM", "/usr/bin/chromium")
PATIENCE_MS = 30_000

# Collects violations before the page's own scripts run.
COLLECT = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""

# Each visible text whose contrast to what lies behind it is below WCAG AA, and each control whose border is.
CONTRAST = """
() => {
  const parse = (text) => {
    const numbers = (text.match(/[\\d.]+/g) ?? []).map(Number);
    return { rgb: numbers.slice(0, 3), alpha: numbers.length > 3 ? numbers[3] : 1 };
  };
  const behind = (element) => {
    const layers = [];
    for (let each = element; each; each = each.parentElement) {
      const colour = parse(getComputedStyle(each).backgroundColor);
      if (colour.alpha > 0) layers.push(colour);
      if (colour.alpha === 1) break;
    }
    return layers.reverse().reduce((under, over) => under.map((value, index) => value * (1 - over.alpha) + over.rgb[index] * over.alpha), [255, 255, 255]);
  };
  const light = (rgb) => {
    const [red, green, blue] = rgb.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ratio = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((left, right) => right - left);
    return (high + 0.05) / (low + 0.05);
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim(), element = walker.currentNode.parentElement;
    if (!text || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (element.closest(".unseen, .skip, noscript, button:disabled")) continue;
    const style = getComputedStyle(element);
    const colour = parse(element instanceof SVGElement ? style.fill : style.color);
    const size = parseFloat(style.fontSize), isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const measured = ratio(colour.rgb, behind(element instanceof SVGElement ? element.ownerSVGElement : element));
    if (measured < (isLarge ? 3 : 4.5)) found.push(`“${text.slice(0, 40)}” ${measured.toFixed(2)}`);
  }
  for (const control of document.querySelectorAll("input:not(.unseen), select, button:not(:disabled):not(.quiet)")) {
    if (!control.checkVisibility() || control.closest(".switch")) continue;
    const style = getComputedStyle(control);
    const measured = Math.max(ratio(parse(style.borderTopColor).rgb, behind(control.parentElement)), ratio(behind(control), behind(control.parentElement)));
    if (measured < 3) found.push(`border of ${control.name || control.textContent} ${measured.toFixed(2)}`);
  }
  return found;
}
"""

# Controls without a name, tables without a caption, pictures without words, headings that are not one h1.
NAMES = """
() => {
  const found = [];
  const visible = (element) => element.checkVisibility();
  for (const control of [...document.querySelectorAll("input, select, textarea")].filter(visible)) {
    if (control.getAttribute("aria-hidden") === "true") continue;
    const name = control.getAttribute("aria-label") || [...(control.labels ?? [])].map((label) => label.textContent.trim()).join(" ");
    if (!name) found.push(`no label: ${control.outerHTML.slice(0, 80)}`);
  }
  for (const control of [...document.querySelectorAll("button, a[href]")].filter(visible)) {
    if (!(control.getAttribute("aria-label") || control.textContent).trim()) found.push(`no name: ${control.outerHTML.slice(0, 80)}`);
  }
  for (const table of [...document.querySelectorAll("table")]) if (!table.caption?.textContent.trim()) found.push("a table without a caption");
  for (const svg of [...document.querySelectorAll("svg")].filter(visible)) if (svg.getAttribute("role") !== "img" || !svg.getAttribute("aria-label")) found.push("a picture without words");
  for (const image of document.images) if (!image.hasAttribute("alt")) found.push("an image without alt");
  if (document.querySelectorAll("h1").length !== 1) found.push(`${document.querySelectorAll("h1").length} h1`);
  if (document.querySelectorAll("main").length !== 1) found.push("not one main");
  if (!document.documentElement.lang || !document.title) found.push("no language or title");
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  if (new Set(ids).size !== ids.length) found.push("an id twice");
  return found;
}
"""


class Browser:
    """One browser, one console, and what went wrong."""

    def __init__(self, port, screenshots=None):
        self.base = f"http://127.0.0.1:{port}"
        self.host = f"127.0.0.1:{port}"
        self.screenshots = screenshots
        self.checks = []
        self.messages = []
        self.strangers = []
        self.page = None
        self.context = None

    @contextlib.contextmanager
    def running(self, scheme="light"):
        with sync_playwright() as playwright:
            # Without a sandbox, for CI runs as root; nothing but the console is loaded.
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
            try:
                self.context = browser.new_context(viewport={"width": 1280, "height": 860}, color_scheme=scheme, locale="en-GB", timezone_id="UTC", reduced_motion="reduce")
                self.context.set_default_timeout(PATIENCE_MS)
                self.context.add_init_script(COLLECT)
                self.page = self.context.new_page()
                self.page.on("console", lambda message: self.messages.append(f"{message.type}: {message.text}") if message.type in ("error", "warning") else None)
                self.page.on("pageerror", lambda error: self.messages.append(f"error: {error}"))
                self.page.on("dialog", lambda dialog: (self.messages.append(f"dialog: {dialog.message}"), dialog.dismiss()))
                self.page.on("request", lambda request: self.strangers.append(request.url) if self.host not in request.url.split("/")[2:3] else None)
                yield self.page
            finally:
                browser.close()

    def check(self, name, condition, detail=""):
        self.checks.append({"name": name, "ok": bool(condition), "detail": str(detail)[:2000]})

    def look(self, name):
        """What holds on every page, in both colours."""
        page = self.page
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            # The pointer would leave a line in a chart.
            page.mouse.move(0, 0)
            low = page.evaluate(CONTRAST)
            self.check(f"{name}: contrast, {scheme}", not low, low)
            self.shoot(f"{name}-{scheme}")
        page.emulate_media(color_scheme="light")
        names = page.evaluate(NAMES)
        self.check(f"{name}: names", not names, names)
        page.set_viewport_size({"width": 360, "height": 740})
        wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        self.check(f"{name}: fits a narrow screen", wide <= 0, f"{wide} px too wide")
        page.set_viewport_size({"width": 1280, "height": 860})

    def shoot(self, name):
        if self.screenshots:
            self.page.screenshot(path=os.path.join(self.screenshots, f"{name}.png"))

    def open(self, place, heading):
        """Goes to a page of the console and waits for it."""
        self.page.goto(f"{self.base}/console/#/{place}")
        self.page.get_by_role("heading", level=1, name=heading).wait_for()
        self.page.wait_for_function("() => !document.getElementById('main').hasAttribute('aria-busy')")

    def until(self, what, condition):
        """Waits for something that no page shows by itself."""
        end = time.monotonic() + PATIENCE_MS / 1000
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(what)
            self.page.wait_for_timeout(100)

    def finish(self):
        """What holds of the whole visit, and everything as JSON."""
        violations = self.page.evaluate("() => window.violations") if self.page and not self.page.is_closed() else []
        self.check("no violation of the page's policy", not violations, violations)
        return json.dumps({"checks": self.checks})

    def judge(self, allowed=()):
        """What came up during the visit."""
        unexpected = [message for message in self.messages if not any(part in message for part in allowed)]
        self.check("nothing on the browser's console", not unexpected, unexpected)
        self.check("no request to another host", not self.strangers, self.strangers)
