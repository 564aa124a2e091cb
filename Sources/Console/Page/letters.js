import { badge, button, choice, empty, facts, field, make, table } from "./elements.js";
import { ask } from "./server.js";
import { ago, bytes, count, fullTime, quantity, source } from "./words.js";
import { actButton, perform } from "./acting.js";

const filterNames = ["kind", "destination", "state", "client", "code", "feature", "action", "since"];
const spans = [["", "any time"], ["1h", "last hour"], ["24h", "last day"], ["7d", "last 7 days"]];
const lengths = { "1h": 3_600_000, "24h": 86_400_000, "7d": 7 * 86_400_000 };
const stateKinds = { waiting: "warn", replaying: "info", delivered: "good", replaced: "info" };
const nanoseconds = 1_000_000;

// Dead letters and quarantined events are the same kind of list.
function view({ title, path, isQuarantine }) {
  return {
    title,
    load: ({ id, query }) => (id ? ask("letter", { id }) : ask(isQuarantine ? "quarantine" : "letters", { ...parameters(query), before: query.get("before") })),
    render: (data, context) => (context.id ? one(data, { ...context, title, path }) : list(data, { ...context, title, path, isQuarantine })),
    changed: countChosen,
    acts: {
      replay: (element, context) => again(chosen(element, context, isQuarantine), context),
      purge: (element, context) => purge(chosen(element, context, isQuarantine), context),
      refresh: (_, { refresh }) => refresh(),
    },
  };
}

export const letters = view({ title: "Dead letters", path: "letters", isQuarantine: false });
export const quarantine = view({ title: "Quarantine", path: "quarantine", isQuarantine: true });

function parameters(query) {
  const filter = Object.fromEntries(filterNames.filter((name) => query.get(name)).map((name) => [name, query.get(name)]));
  const { since, ...rest } = filter;
  return since in lengths ? { ...rest, from: Date.now() - lengths[since] } : rest;
}

// What an act is about: the letter of this page, those that are checked, or all that the filter means.
function chosen(element, { id, query }, isQuarantine) {
  if (id) return { filter: { ids: [id] }, words: `letter ${id}` };
  const checked = [...document.querySelectorAll("input[name=letter]:checked")].map((box) => box.value);
  if (checked.length) return { filter: { ids: checked }, words: quantity(checked.length, "chosen letter", "chosen letters") };
  const { from, ...filter } = parameters(query);
  if (from) filter.from = from * nanoseconds;
  if (isQuarantine) filter.kind = "quarantine";
  // Those that were never sent again have no destination, and are not in this list.
  else if (filter.kind === "quarantine" && !filter.destination) return null;
  else filter.kind ??= "refused";
  const isAll = Object.keys(filter).every((name) => name === "kind");
  return { filter, isAll, words: isAll ? `all ${isQuarantine ? "quarantined events" : "letters"}` : "all that the filter means" };
}

async function again(meant, { refresh, notify }) {
  if (!meant) return notify("Choose letters first, or filter by destination.");
  const { filter, words } = meant;
  await perform({
    title: `Send ${words} again?`, text: "Only those that wait are sent; what a destination refuses again waits again. Each is marked as a replay.",
    fields: [{ name: "rate", label: "Events a second, at most", type: "number", min: "0.1", step: "any", hint: "Empty: as fast as the destination takes them." }],
    confirm: "Send again", command: "replay_dead_letters",
    arguments: ({ rate }, isDryRun) => ({ filter: { ...filter, state: "waiting" }, rate: rate ? Number(rate) : null, dry_run: isDryRun }),
    dryRun: (result) => `${quantity(result.events, "letter", "letters")}, ${bytes(result.bytes)}, would go to ${result.destinations.join(", ") || "no destination"}.`,
    done: (result) => `${quantity(result.events, "letter is", "letters are")} being sent again.`,
  });
  refresh();
}

async function purge(meant, { refresh, notify }) {
  if (!meant) return notify("Choose letters first, or filter by destination.");
  const { filter, words, isAll } = meant;
  await perform({
    title: `Purge ${words}?`, text: "Purged events are gone for good and are counted as purged. Those that are being sent again stay.",
    fields: isAll ? [{ name: "sure", label: "Type “purge all”", pattern: "purge all", required: true }] : [],
    confirm: "Purge", isDangerous: true, command: "purge_dead_letters",
    arguments: (_, isDryRun) => ({ filter, dry_run: isDryRun }),
    dryRun: (result) => `${quantity(result.events, "letter", "letters")}, ${bytes(result.bytes)}, would be gone.`,
    done: (result) => `${quantity(result.events, "letter is", "letters are")} purged.`,
  });
  refresh();
}

function countChosen() {
  const number = document.querySelectorAll("input[name=letter]:checked").length;
  const words = document.querySelector("[data-chosen]");
  if (words) words.textContent = number ? `${quantity(number, "letter", "letters")} chosen` : "Nothing chosen: acts are about all that the filter means";
}

function list(data, { query, title, path, isQuarantine }) {
  const value = (name) => query.get(name) ?? "";
  const text = (name, label) => field(label, make("input", { type: "search", name, value: value(name), autocomplete: "off", spellcheck: "false" }));
  const hasFilter = filterNames.some((name) => query.get(name));
  const next = new URLSearchParams(query);
  next.set("before", data.next ?? "");
  return [
    make("h1", { tabindex: "-1" }, title),
    make("p", { class: "note" }, isQuarantine
      ? "Events that ingest could not accept because they break a rule. Their senders were told that they need not send them again; here they are kept."
      : "Events that a destination refused alone and again. Everything else went past them."),
    make("form", { class: "filters", "data-form": "filter" },
      isQuarantine ? [text("client", "Client"), text("code", "Rule")] : [
        field("Kind", choice("kind", [["", "refused"], ["quarantine", "quarantined, sent again"]], value("kind"))),
        text("destination", "Destination"), field("State", choice("state", [["", "any"], ["waiting", "waiting"], ["replaying", "replaying"], ["delivered", "delivered"], ["replaced", "replaced"]], value("state"))),
        text("client", "Client"), text("code", "Code"), text("feature", "Feature"), text("action", "Action"),
      ],
      field("Set aside", choice("since", spans, value("since"))),
      make("button", { type: "submit" }, "Filter"), hasFilter ? make("a", { href: `#/${path}` }, "Clear") : null),
    data.letters.length ? [
      make("div", { class: "bar" }, make("span", { class: "note", "data-chosen": "", "data-keep": "", role: "status" }, "Nothing chosen: acts are about all that the filter means"), make("span", { class: "space" }),
        button("Refresh", "refresh"), actButton("Send again…", "replay"), actButton("Purge…", "purge", { class: "danger" })),
      rows(data, path, isQuarantine),
      make("nav", { class: "pager", "aria-label": `More of ${title}` },
        query.get("before") ? make("a", { href: `#/${path}?${without(query, "before")}` }, "Newest") : null,
        data.next ? make("a", { href: `#/${path}?${next}` }, "Older") : make("span", {}, "These are the oldest.")),
    ] : hasFilter || query.get("before") ? empty("Nothing matches the filter", "Texts must be the same as a whole.")
      : isQuarantine ? empty("Nothing is quarantined", "Every event that came in keeps the rules.") : empty("No dead letters", "No destination has refused an event for good."),
  ];
}

function without(query, name) {
  const rest = new URLSearchParams(query);
  rest.delete(name);
  return rest;
}

function rows(data, path, isQuarantine) {
  const heads = [
    { text: make("span", { class: "unseen" }, "Chosen") }, { text: "Letter" }, ...(isQuarantine ? [] : [{ text: "State" }]), { text: "Set aside" },
    { text: isQuarantine ? "Rule" : "Reason" }, { text: "Client" }, { text: isQuarantine ? "Event id" : "Event" },
    ...(isQuarantine ? [] : [{ text: "Destination" }, { text: "Tries", class: "number" }]), { text: "Size", class: "number" },
  ];
  return table(isQuarantine ? "Quarantined events, newest first" : "Dead letters, newest first", heads, data.letters.map((letter) => ({ key: letter.id, cells: [
    make("input", { type: "checkbox", name: "letter", value: letter.id, "aria-label": `Choose letter ${letter.id}` }),
    make("a", { href: `#/${path}/${letter.id}`, class: "mono" }, letter.id),
    ...(isQuarantine ? [] : [badge(stateKinds[letter.state] ?? "info", letter.state)]),
    make("time", { title: fullTime(letter.first_seen_at) }, ago(letter.first_seen_at)),
    make("span", { title: letter.message }, make("code", {}, letter.code || letter.reason)),
    make("span", { class: "mono" }, letter.client),
    make("span", { class: "mono cut" }, isQuarantine || !(letter.feature || letter.action) ? letter.event_id || "–" : `${letter.feature} / ${letter.action}`),
    ...(isQuarantine ? [] : [make("span", { class: "mono cut" }, letter.destination), count(letter.attempts)]), bytes(letter.size),
  ] })));
}

function one(data, { id, title, path }) {
  const back = make("p", {}, make("a", { href: `#/${path}` }, `← ${title}`));
  if (!data.found) return [make("h1", { tabindex: "-1" }, `Letter ${id}`), back, empty("There is no such letter any more", "It may have been delivered, purged or expired since.")];
  const letter = data.letter;
  const isQuarantine = letter.kind === "quarantine";
  return [
    back,
    make("div", { class: "card-head" }, make("h1", { tabindex: "-1" }, isQuarantine ? "Quarantined event " : "Dead letter ", make("span", { class: "mono" }, letter.id)), badge(stateKinds[letter.state] ?? "info", letter.state), make("span", { class: "space" }),
      letter.state === "waiting" ? actButton("Send again…", "replay") : null, letter.state === "waiting" || letter.state === "delivered" ? actButton("Purge…", "purge", { class: "danger" }) : null),
    make("p", { class: letter.state === "waiting" ? "callout warn" : "callout" }, make("code", {}, letter.code || letter.reason), " ", letter.message),
    facts([
      ["Event id", make("span", { class: "mono" }, letter.event_id || "–")],
      letter.feature || letter.action ? ["Event", `${letter.feature} / ${letter.action}`] : null,
      ["Client", make("a", { class: "mono", href: `#/clients?search=${encodeURIComponent(letter.client)}` }, letter.client)], ["Kind of client", source(letter.source)],
      letter.destination ? ["Destination", make("span", { class: "mono" }, letter.destination)] : null,
      ["Received", fullTime(letter.received_at)], ["Set aside", `${fullTime(letter.first_seen_at)}, ${ago(letter.first_seen_at)}`],
      ["Tried", letter.attempts ? `${quantity(letter.attempts, "time", "times")}, last ${ago(letter.last_seen_at)}` : "never"],
      ["Size", `${bytes(letter.size)} with its stream's metadata`], ["Place", `segment ${letter.segment}, batch ${letter.batch}, event ${letter.event_index}`],
      letter.original ? ["Edited copy of", make("a", { href: `#/letters/${letter.original}` }, letter.original)] : null,
      letter.digest ? ["SHA-256", make("span", { class: "mono break" }, letter.digest)] : null,
    ]),
    letter.history.length ? [make("h2", {}, "Tries"), table("Tries, oldest first", [{ text: "When" }, { text: "Code" }, { text: "Answer" }],
      letter.history.map((each) => ({ cells: [fullTime(each.at), make("code", {}, each.code), each.message] })))] : null,
    make("h2", {}, "The event"),
    letter.event ? make("pre", { tabindex: "0", "aria-label": "The event as JSON" }, JSON.stringify(letter.event, null, 2))
      : letter.event_problem === "too_long" ? empty("The event is too long for this page", `On the forwarder's host: gatewayctl dead-letters show ${letter.id}`)
        : [make("p", { class: "note" }, "These bytes are no event. They begin so:"), make("pre", { tabindex: "0", "aria-label": "The first bytes" }, letter.hex.replace(/(..)/g, "$1 "))],
  ];
}
