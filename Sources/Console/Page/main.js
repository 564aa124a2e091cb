// Which page is shown, and what keeps it fresh.
import { make, morphChildren } from "./elements.js";
import { learnSession, lock, session, signOut } from "./server.js";
import { announceWith, unlock } from "./acting.js";
import { signingPage, submitSigning } from "./signing.js";
import { clockTime } from "./words.js";
import { overview } from "./overview.js";
import { destinations } from "./destinations.js";
import { clients } from "./clients.js";
import { letters, quarantine } from "./letters.js";
import { missing } from "./missing.js";
import { acts } from "./acts.js";

const views = { overview, destinations, clients, missing, letters, quarantine, acts };
const slowest = 15_000, noticeTime = 8000;
const main = document.getElementById("main");
const banner = document.getElementById("banner");
let shown = null, isFirst = true, timer = null, answeredAt = null, failures = 0, lastData = null;

function route() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const [name, id] = path.split("/");
  return { name: name in views ? name : "overview", id: id || null, query: new URLSearchParams(query ?? "") };
}

const isCurrent = (each) => shown === each;

async function navigate() {
  const here = route();
  shown = here;
  lastData = null;
  clearTimeout(timer);
  drawTop();
  if (!session.signed_in) return drawSigning();
  main.setAttribute("aria-busy", "true");
  document.title = `${views[here.name].title} – Telemetry gateway`;
  await refresh(here);
  if (!isCurrent(here)) return;
  main.removeAttribute("aria-busy");
  scrollTo(0, 0);
  // Whoever has just opened the page begins at its beginning; whoever went on begins at the new heading.
  if (!isFirst) main.querySelector("h1")?.focus({ preventScroll: true });
  isFirst = false;
}

async function refresh(here = shown) {
  clearTimeout(timer);
  const view = views[here.name];
  try {
    const data = await view.load(here);
    if (!isCurrent(here)) return;
    lastData = data;
    draw(here);
    healthy();
  } catch (error) {
    if (isCurrent(here)) await failed(error, here);
  }
  if (isCurrent(here) && view.interval && session.signed_in) schedule(here, failures ? Math.min(slowest, 1000 * 2 ** failures) : view.interval);
}

function schedule(here, delay) {
  clearTimeout(timer);
  // A page that nobody sees asks nothing; it asks again when it is seen.
  timer = setTimeout(() => { if (!document.hidden) refresh(here); }, delay);
}

function draw(here) {
  const nodes = [views[here.name].render(lastData, context(here))].flat(Infinity).filter(Boolean);
  morphChildren(main, nodes);
  views[here.name].changed?.();
}

function context(here) {
  const room = main.clientWidth - 2;
  const columns = room >= 940 ? 2 : 1;
  return { ...here, refresh: () => refresh(here), notify, width: Math.round((room - (columns - 1) * 16) / columns - 26) };
}

function healthy() {
  if (failures) notify("The forwarder answers again.");
  failures = 0;
  answeredAt = Date.now();
  banner.hidden = true;
}

async function failed(error, here) {
  if (error.status === 401 || error.code === "console_off") {
    await learnSession().catch(() => { session.signed_in = false; });
    if (!session.signed_in) {
      drawTop();
      drawSigning("You were signed out: the session is over, or the forwarder was started again.");
    }
    return;
  }
  failures += 1;
  const since = answeredAt ? ` What is shown is from ${clockTime(answeredAt)}.` : "";
  const text = error.code === "unreachable" ? `The forwarder does not answer.${since} Trying again.` : `${error.message}.${since}`;
  // The same words are not put there twice, for each time is read out.
  if (banner.textContent !== text) banner.textContent = text;
  banner.hidden = false;
  if (!lastData) {
    morphChildren(main, [make("h1", { tabindex: "-1" }, views[here.name].title)]);
    if (!views[here.name].interval) schedule(here, slowest);
  }
}

function drawSigning(words) {
  isFirst = false;
  document.title = "Telemetry gateway";
  banner.hidden = true;
  failures = 0;
  main.replaceChildren(...signingPage());
  main.removeAttribute("aria-busy");
  if (words) main.querySelector("form")?.prepend(make("p", { class: "callout" }, words));
  (main.querySelector("input[type=password]") ?? main.querySelector("h1"))?.focus();
}

function drawTop() {
  const nav = document.getElementById("pages");
  nav.hidden = !session.signed_in;
  morphChildren(nav, Object.entries(views).map(([name, view]) => make("a", { href: `#/${name}`, "aria-current": shown?.name === name ? "page" : null }, view.title)));
  const theme = document.documentElement.dataset.theme ?? "system";
  const tools = [make("button", { type: "button", "data-act": "theme", class: "quiet", "aria-label": `Colours: ${theme}. Change` }, { system: "◐", light: "☀", dark: "☾" }[theme])];
  if (session.signed_in) {
    tools.unshift(session.actor
      ? make("button", { type: "button", "data-act": "lock", class: "quiet acting", title: "You may act. Press to give that up." }, `Acting as ${session.actor}`)
      : session.acting_allowed ? make("button", { type: "button", "data-act": "unlock", class: "quiet" }, "Only looking")
        : make("span", { class: "quiet", title: "Acting is off: set GATEWAY_ADMIN_TOKEN_FILE for telemetry-forwarder." }, "Acting is off"));
    tools.push(make("button", { type: "button", "data-act": "sign-out", class: "quiet" }, "Sign out"));
  }
  morphChildren(document.getElementById("tools"), tools);
}

let noticeTimer = null;
function notify(text) {
  const notice = document.getElementById("notice");
  notice.textContent = text;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => { notice.textContent = ""; }, noticeTime);
}
announceWith(notify);

const common = {
  theme() {
    const now = document.documentElement.dataset.theme ?? "system";
    const next = { system: "light", light: "dark", dark: "system" }[now];
    if (next === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem("gateway-theme", next);
    } catch {
      // It holds until the page is loaded again.
    }
    drawTop();
  },
  async "sign-out"() {
    await signOut();
    drawTop();
    drawSigning();
  },
  async unlock() { await unlock(); },
  async lock() {
    await lock();
    document.dispatchEvent(new Event("session"));
    notify("You are only looking again.");
  },
  range: ({ dataset }) => change("range", dataset.value),
};

// The address says all of what is shown.
function change(name, value) {
  const query = new URLSearchParams(shown.query);
  query.set(name, value);
  history.replaceState(null, "", `#/${shown.name}?${query}`);
  shown = { ...route() };
  refresh();
}

document.addEventListener("click", async (event) => {
  const skip = event.target.closest("[data-skip]");
  if (skip) {
    event.preventDefault();
    main.focus();
    return;
  }
  const element = event.target.closest("[data-act]");
  if (!element || !shown) return;
  const act = common[element.dataset.act] ?? views[shown.name].acts?.[element.dataset.act];
  try {
    await act?.(element, context(shown));
  } catch (error) {
    if (error.status === 401) await failed(error, shown);
    else notify(`Not done: ${error.message}`);
  }
});

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-form]");
  if (!form) return;
  event.preventDefault();
  if (form.dataset.form === "sign-in") {
    if (await submitSigning(form)) navigate();
    return;
  }
  const fields = [...new FormData(form)].filter(([, value]) => value.trim()).map(([name, value]) => [name, value.trim()]);
  const next = `#/${shown.name}?${new URLSearchParams(fields)}`;
  if (next === location.hash) refresh();
  else location.hash = next;
});

document.addEventListener("change", (event) => {
  const control = event.target.closest("[data-query]");
  if (control) change(control.dataset.query, control.value);
  views[shown?.name]?.changed?.();
});

document.addEventListener("session", () => {
  drawTop();
  if (session.signed_in && lastData) draw(shown);
});
document.addEventListener("visibilitychange", () => { if (!document.hidden && session.signed_in && shown && views[shown.name].interval) refresh(); });
addEventListener("hashchange", navigate);
addEventListener("resize", () => { if (session.signed_in && lastData) draw(shown); });

async function begin() {
  try {
    await learnSession();
    banner.hidden = true;
  } catch {
    banner.textContent = "The forwarder does not answer. Trying again.";
    banner.hidden = false;
    setTimeout(begin, 3000);
    return;
  }
  navigate();
}
begin();
