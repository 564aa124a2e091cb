"""Visits the console as people do; prints {"checks": [{"name", "ok", "detail"}]}.

--visit views: signing in, each page, keyboard, hostile texts, an unreachable forwarder.
--visit acts: an act from the first press to the record of acts.
"""

import argparse
import json
import re

from browser import Browser

arguments = argparse.ArgumentParser()
arguments.add_argument("--port", type=int, required=True)
arguments.add_argument("--output")
arguments.add_argument("--name")
arguments.add_argument("--visit", choices=["views", "acts"], required=True)
arguments.add_argument("--secret", required=True)
arguments.add_argument("--token", required=True)
arguments.add_argument("--hostile", default="")
arguments.add_argument("--letter", default="")
arguments.add_argument("--screenshots")
options = arguments.parse_args()
browser = Browser(options.port, options.screenshots)
check = browser.check


def sign_in(page, secret):
    page.get_by_label("Diagnostics secret").fill(secret)
    page.keyboard.press("Enter")


def focused(page):
    return page.evaluate("() => { const at = document.activeElement; return `${at.tagName} ${(at.getAttribute('aria-label') || at.textContent).trim()}`; }")


def ask(page, path):
    """What the console answers its page."""
    return page.request.get(f"{browser.base}/console/api/{path}").json()


def views(page):
    answer = page.goto(browser.base)
    check("the port's root leads to the console", page.url == f"{browser.base}/console/", page.url)
    policy = answer.headers.get("content-security-policy", "")
    check("the policy is strict", "default-src 'none'" in policy and "unsafe" not in policy, policy)
    page.get_by_role("heading", name="Sign in").wait_for()
    browser.look("sign-in")
    sign_in(page, "not the secret")
    page.get_by_text("This is not the secret.").wait_for()
    check("a wrong secret gives no cookie", not browser.context.cookies())
    sign_in(page, options.secret)
    page.get_by_role("heading", level=1, name="Overview").wait_for()
    cookies = browser.context.cookies()
    check("the cookie is safe", len(cookies) == 1 and cookies[0]["httpOnly"] and cookies[0]["sameSite"] == "Strict", cookies)
    check("the secret is nowhere in the page", options.secret not in page.content() and options.secret not in cookies[0]["value"])

    # The figures come within seconds of the start.
    page.get_by_text("Breaker", exact=False).first.wait_for()
    page.wait_for_function("() => [...document.querySelectorAll('svg[data-chart]')].every((svg) => svg.getAttribute('aria-label').includes(' now, '))")
    page.get_by_text("system.test / sent").first.wait_for()
    browser.look("overview")
    labels = page.locator("svg[data-chart]").evaluate_all("(all) => all.map((svg) => svg.getAttribute('aria-label'))")
    check("charts have words", len(labels) == 4 and all("between" in label for label in labels), labels)
    page.get_by_text("As a table").first.click()
    page.get_by_role("table", name="Events a second").wait_for()
    page.get_by_role("button", name="1 hour").click()
    page.get_by_role("heading", name="The last 1 hour").wait_for()
    check("the address says what is shown", "range=1h" in page.url, page.url)

    browser.open("destinations", "Destinations")
    page.get_by_text("Breaker open").first.wait_for()
    page.get_by_text("Last error").first.wait_for()
    page.get_by_text("the archive is being moved").first.wait_for()
    browser.look("destinations")

    browser.open("clients", "Clients")
    page.get_by_text("instance-7").first.wait_for()
    # Ingest writes what it has seen of its senders once a second.
    page.wait_for_function("() => document.querySelector('th:nth-child(2)').textContent === 'Version'")
    page.get_by_text("1.2.3").first.wait_for()
    page.get_by_text("feature_action_required").first.wait_for()
    browser.look("clients")
    page.get_by_role("searchbox").fill("INSTANCE-7")
    page.keyboard.press("Enter")
    page.get_by_text("with “INSTANCE-7”").wait_for()
    check("a search finds one", page.locator("tbody tr").count() == 1)
    page.get_by_role("searchbox").fill("nobody")
    page.keyboard.press("Enter")
    page.get_by_text("No client matches “nobody”").wait_for()

    browser.open("clients?search=instance-7", "Clients")
    page.get_by_role("link", name="instance-7", exact=True).click()
    page.get_by_role("heading", level=1, name="Missing events").wait_for()
    page.get_by_text("Exporter version").first.wait_for()
    checks = page.locator(".checks li").all_inner_texts()
    check("the checklist is there", len(checks) >= 8, checks)
    browser.look("missing-events")
    page.get_by_label("Look for").select_option("event")
    page.get_by_label("which is").fill("event-7-1")
    page.keyboard.press("Enter")
    page.get_by_text("What became of the event").first.wait_for(state="attached")
    check("an event is followed to its destinations", page.locator("tbody tr").count() == 2, page.locator("main").inner_text())
    browser.look("missing-event")

    browser.open("letters", "Dead letters")
    page.get_by_role("link", name=options.letter, exact=True).wait_for()
    browser.look("dead-letters")
    page.get_by_label("Code", exact=True).fill("nothing_like_it")
    page.keyboard.press("Enter")
    page.get_by_text("Nothing matches the filter").wait_for()
    page.get_by_role("link", name="Clear").click()
    page.get_by_role("link", name=options.letter, exact=True).click()
    page.get_by_role("heading", level=1, name=f"Dead letter {options.letter}").wait_for()
    browser.look("dead-letter")
    check("a hostile text is a text", json.dumps(options.hostile) in page.locator("pre").inner_text(), page.locator("pre").inner_text())
    check("it has made no element", page.evaluate("() => document.querySelectorAll('main img, main script, main iframe').length") == 0)
    check("and run nothing", page.evaluate("() => window.hostile === undefined"))

    browser.open("quarantine", "Quarantine")
    page.get_by_text("feature_action_required").first.wait_for()
    browser.look("quarantine")
    browser.open("acts", "Acts")
    page.get_by_text("the archive is being moved").first.wait_for()
    browser.look("acts")

    keyboard(page)
    unreachable(page)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    check("nothing is shown any more", page.request.get(f"{browser.base}/console/api/overview").status == 401)
    # Chromium writes a line of its own for each answer that is no success.
    browser.judge(["Failed to load resource"])


def keyboard(page):
    browser.open("overview", "Overview")
    check("a page's heading has the focus after going there", focused(page).startswith("H1 Overview"), focused(page))
    page.reload()
    page.get_by_role("heading", level=1, name="Overview").wait_for()
    page.keyboard.press("Tab")
    check("the first stop skips the pages", focused(page) == "A Skip to the content", focused(page))
    box = page.locator(".skip").bounding_box()
    check("the skip link is seen when it has the focus", box and box["y"] >= 0, box)
    page.keyboard.press("Enter")
    check("it leads to the content", focused(page).startswith("MAIN"), focused(page)[:40])
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if focused(page) == "A Destinations":
            break
    outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    check("the focus is seen", outline == "solid", outline)
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Destinations").wait_for()
    page.wait_for_function("() => document.activeElement.tagName === 'H1'")
    page.keyboard.press("Tab")
    check("the next stop is the page's first control", focused(page).startswith("BUTTON Pause"), focused(page))
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    check("a dialog has the focus", page.evaluate("() => document.getElementById('dialog').contains(document.activeElement)"))
    browser.look("who-acts")
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")
    check("after it the focus is where it was", focused(page).startswith("BUTTON Pause"), focused(page))
    for wanted in ("light", "dark"):
        page.get_by_role("button", name="Colours").focus()
        page.keyboard.press("Enter")
        check(f"the colours can be chosen: {wanted}", page.evaluate("() => document.documentElement.dataset.theme") == wanted)
    page.reload()
    page.get_by_role("heading", level=1, name="Destinations").wait_for()
    check("the choice is remembered", page.evaluate("() => document.documentElement.dataset.theme") == "dark")
    page.get_by_role("button", name="Colours").press("Enter")


def unreachable(page):
    browser.open("overview", "Overview")
    browser.context.set_offline(True)
    page.get_by_text("The forwarder does not answer.").wait_for()
    browser.look("unreachable")
    check("what was shown stays", page.locator("svg[data-chart]").count() == 4)
    browser.context.set_offline(False)
    page.get_by_text("The forwarder answers again.").wait_for()
    check("the banner goes", page.locator("#banner").is_hidden())


def acts(page):
    page.goto(f"{browser.base}/console/#/letters/{options.letter}")
    sign_in(page, options.secret)
    page.get_by_role("heading", level=1, name=f"Dead letter {options.letter}").wait_for()
    page.get_by_role("button", name="Send again…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Your name").fill("Ada")
    dialog.get_by_label("Admin token").fill(options.secret)
    dialog.get_by_role("button", name="Go on").click()
    dialog.get_by_text("this is not the admin token").wait_for()
    check("the secret for looking is none for acting", page.get_by_text("Acting as").count() == 0)
    dialog.get_by_label("Admin token").fill(options.token)
    dialog.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Acting as Ada").wait_for()
    dialog.get_by_text("1 letter,").wait_for()
    counted = dialog.locator(".counted").inner_text()
    check("it is counted before it is done", "would go to pubsub://" in counted, counted)
    browser.look("send-again")
    dialog.get_by_role("button", name="Send again").click()
    page.get_by_text("1 letter is being sent again.").wait_for()
    browser.until("the letter is delivered", lambda: ask(page, f"letter?id={options.letter}")["letter"]["state"] == "delivered")
    browser.open("letters?state=delivered", "Dead letters")
    page.get_by_role("link", name=options.letter, exact=True).wait_for()

    browser.open("quarantine", "Quarantine")
    page.get_by_role("button", name="Purge…").click()
    dialog.get_by_text("would be gone").wait_for()
    dialog.get_by_role("button", name="Purge", exact=True).click()
    check("everything is not purged by one press", dialog.is_visible())
    dialog.get_by_label("Type “purge all”").fill("purge all")
    dialog.get_by_role("button", name="Purge", exact=True).click()
    page.get_by_text(re.compile("is purged|are purged")).wait_for()
    page.get_by_text("Nothing is quarantined").wait_for()

    browser.open("destinations", "Destinations")
    page.get_by_role("button", name="Resume file:").click()
    dialog.get_by_role("button", name="Resume", exact=True).click()
    page.get_by_text("is delivering again.").wait_for()
    page.get_by_role("button", name="Pause pubsub:").click()
    dialog.get_by_label("Reason").fill("the topic is being moved")
    browser.look("pause")
    dialog.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_text("Paused: the topic is being moved").wait_for()
    browser.open("overview", "Overview")
    page.get_by_text("is paused: the topic is being moved").wait_for()
    browser.open("acts", "Acts")
    page.get_by_text("the topic is being moved").first.wait_for()
    rows = page.locator("tbody tr").all_inner_texts()
    mine = [row for row in rows if "Ada (console)" in row]
    check("every act is recorded under the name", len(mine) == 4, rows)
    browser.look("acts-after")
    page.get_by_role("button", name="Acting as Ada").click()
    page.get_by_role("button", name="Only looking").wait_for()
    browser.judge(["Failed to load resource"])


with browser.running() as page:
    try:
        {"views": views, "acts": acts}[options.visit](page)
    except Exception as error:  # The rest of the visit makes no sense; what was seen so far does.
        check("the visit came to its end", False, f"{error}\n{page.locator('body').inner_text()}")
        if options.output:
            page.screenshot(path=f"{options.output}/last.png")
    print(browser.finish())
