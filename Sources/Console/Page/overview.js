import { chart } from "./chart.js";
import { badge, empty, make, table } from "./elements.js";
import { ask } from "./server.js";
import { ago, bytes, compact, count, events, left, quantity, rate, source, span } from "./words.js";

const ranges = [["15m", "15 minutes"], ["1h", "1 hour"], ["24h", "24 hours"]];
const staleAfter = 90_000, fullSoon = 24 * 3600;

export const overview = {
  title: "Overview",
  interval: 2000,

  async load({ query }) {
    const [figures, latest] = await Promise.all([ask("overview", { range: query.get("range") }), ask("latest")]);
    return { ...figures, latest: latest.batches };
  },

  render(data, { query, width }) {
    const chosen = data.destinations.find((one) => one.name === query.get("destination")) ?? data.destinations.find((one) => one.configured !== false);
    return [
      make("h1", { tabindex: "-1" }, "Overview"),
      attention(data),
      chosen ? tiles(data, chosen) : null,
      make("div", { class: "bar" },
        make("h2", {}, "The last ", ranges.find(([value]) => value === (query.get("range") ?? "15m"))?.[1] ?? ""),
        data.destinations.length > 1 ? make("label", { class: "inline" }, "Destination ", make("select", { "data-query": "destination" },
          data.destinations.map((one) => make("option", { value: one.name, selected: one.name === chosen?.name }, one.name)))) : null,
        make("div", { class: "switch", role: "group", "aria-label": "Time shown" }, ranges.map(([value, text]) => make("button", {
          type: "button", "data-act": "range", "data-value": value, "aria-pressed": String(value === (query.get("range") ?? "15m")), "aria-label": text,
        }, value)))),
      charts(data, chosen, width),
      make("h2", {}, "What came in last"),
      data.latest.length ? latest(data) : empty("Nothing has come in yet", "Send the first event with: gatewayctl send deploy/samples/events.ndjson"),
    ];
  },
};

// What somebody has to know, the worst first; one sentence when all is well.
function attention(data) {
  const list = [];
  const add = (kind, text, link, more) => list.push({ kind, text, link, more });
  if (!data.figures_at) add("info", "The spool's figures are being read for the first time. With much in the spool this begins a minute after the start.");
  else if (data.at - data.figures_at > staleAfter) add("info", `The figures are ${span(data.at - data.figures_at)} old: with a large backlog they are read less often.`);
  if (data.ingest_running === false) add("bad", "telemetry-ingest is not running on this spool: nothing can come in.");
  if (data.room_bytes === 0) add("bad", "The spool is full: senders are asked to wait.");
  else if (data.time_to_full?.kind === "seconds" && data.time_to_full.seconds < fullSoon) add("warn", `The spool is full in ${span(data.time_to_full.seconds * 1000)} at the growth of now.`);
  if (data.damaged_batches > 0) add("bad", `${quantity(data.damaged_batches, "batch", "batches")} with at least ${events(data.damaged_events)} can not be read back.`);
  for (const text of data.unreadable ?? []) add("bad", `A segment can not be read: ${text}`);
  for (const one of data.destinations) {
    const waits = one.waiting_events ? ` ${events(one.waiting_events)} ${one.waiting_events === 1 ? "waits" : "wait"}.` : "";
    if (one.configured === false) {
      if (one.waiting_events) add("warn", `${one.name} is not configured any more.${waits}`, "#/destinations", "Destinations");
      continue;
    }
    if (one.paused) add("warn", `${one.name} is paused${one.pause_reason ? `: ${one.pause_reason}` : ""}.${waits}`, "#/destinations", "Resume it");
    else if (one.pause_reason) add("bad", `Nothing is sent to ${one.name}: ${one.pause_reason}.${waits}`, "#/destinations", "Look at it");
    if (one.breaker !== "closed" && !one.paused) {
      const next = one.breaker === "open" && one.open_until ? ` The next try is ${one.open_until > data.at ? `in ${span(one.open_until - data.at)}` : "due"}.` : "";
      add(one.breaker === "open" ? "bad" : "warn", `${one.name}: the breaker is ${one.breaker === "open" ? "open" : "half open"}${one.last_error ? ` after “${one.last_error.message}”` : ""}.${next}${waits}`, "#/destinations", "Look at it");
    }
    if (one.dead_letters > 0) add("warn", `${quantity(one.dead_letters, "event was", "events were")} refused by ${one.name} for good.`, `#/letters?destination=${encodeURIComponent(one.name)}`, "Dead letters");
  }
  if (data.quarantined_events > 0) add("warn", `${quantity(data.quarantined_events, "event is", "events are")} quarantined: ${data.quarantined_events === 1 ? "it breaks" : "they break"} a rule of ingest.`, "#/quarantine", "Quarantine");
  const rank = ["bad", "warn", "info"];
  list.sort((left, right) => rank.indexOf(left.kind) - rank.indexOf(right.kind));
  if (!list.length) {
    const waiting = Math.max(0, ...data.destinations.map((one) => one.waiting_events ?? 0));
    const text = !data.destinations.length ? "No destination yet."
      : waiting ? `Delivering. ${events(waiting)} ${waiting === 1 ? "waits" : "wait"}.` : "All is well: everything that came in is delivered.";
    list.push({ kind: "good", text });
  }
  return make("ul", { class: "attention", "aria-label": "What to know now" }, list.map((one) => make("li", { class: one.kind },
    badge(one.kind, { bad: "Problem", warn: "Look here", info: "Note", good: "Fine" }[one.kind]), make("span", {}, one.text),
    one.link ? make("a", { href: one.link }, one.more) : null)));
}

function tiles(data, one) {
  const tile = (name, value, detail, kind) => make("div", { class: kind ? `tile ${kind}` : "tile" },
    make("dt", {}, name), make("dd", {}, make("b", {}, value), make("small", {}, detail ?? "")));
  const oldest = one.oldest_at ? data.at - one.oldest_at : null;
  const isWaiting = one.waiting_events > 0;
  return make("dl", { class: "tiles" },
    tile("In", rate(one.rate_in), "mean of a minute"),
    tile("Out", rate(one.rate_out), "mean of a minute"),
    tile("Waiting", one.waiting_events === undefined ? "–" : count(one.waiting_events), isWaiting ? bytes(one.waiting_bytes) : "nothing"),
    tile("Oldest waits", isWaiting && oldest !== null ? span(oldest) : "–", isWaiting ? "since it was received" : "nothing waits", oldest > 600_000 ? "warn" : null),
    tile("Empty in", left(one.time_to_empty, "empty", "never"), "at the rates of now", one.time_to_empty?.kind === "never" ? "warn" : null),
    tile("Spool", bytes(data.bytes_on_disk), data.room_bytes === null || data.room_bytes === undefined ? "room not known" : `room for ${bytes(data.room_bytes)}`, data.room_bytes === 0 ? "bad" : null),
    tile("Full in", left(data.time_to_full, "full", "never"), "at the growth of now"),
    tile("Delivered", one.outcomes ? compact(one.outcomes.delivered) : "–", one.accepted === undefined ? "" : `of ${compact(one.accepted)} accepted`));
}

// Growth a second between two looks.
function growth(times, values) {
  return values.map((value, index) => {
    if (index === 0 || value === null || values[index - 1] === null) return null;
    return Math.max(0, value - values[index - 1]) / ((times[index] - times[index - 1]) / 1000);
  });
}

function charts(data, chosen, width) {
  const { at: times, destinations } = data.history;
  const own = destinations.find((one) => one.name === chosen?.name) ?? { accepted: [], delivered: [], waiting: [], oldest_age: [] };
  const common = { times, range: data.range_seconds, now: data.at, width };
  const nothing = times.map(() => null);
  const values = (list) => (list.length ? list : nothing);
  return make("div", { class: "charts" },
    chart({ ...common, key: "rates", title: "Events a second", format: (value) => compact(value >= 10 ? value : Math.round(value * 10) / 10), series: [
      { name: "in", kind: "one", values: growth(times, values(own.accepted)) },
      { name: "out", kind: "two", values: growth(times, values(own.delivered)) },
    ] }),
    chart({ ...common, key: "waiting", title: "Events that wait", format: compact, least: 10, series: [{ name: "waiting", kind: "three", fills: true, values: values(own.waiting) }] }),
    chart({ ...common, key: "age", title: "Age of the oldest that waits", format: span, axis: "time", least: 10_000, series: [{ name: "age", kind: "three", fills: true, values: values(own.oldest_age) }] }),
    chart({ ...common, key: "disk", title: "Spool on disk", format: bytes, axis: "bytes", least: 1 << 20, series: [{ name: "bytes", kind: "four", fills: true, values: data.history.bytes_on_disk }] }));
}

function latest(data) {
  return table("The batches that came in last", [
    { text: "Received" }, { text: "Client" }, { text: "Kind" }, { text: "First event" }, { text: "Events", class: "number" }, { text: "Size", class: "number" },
  ], data.latest.map((batch) => ({ cells: [
    ago(batch.received_at, data.at),
    batch.client ? make("a", { href: `#/clients?search=${encodeURIComponent(batch.client)}`, class: "mono" }, batch.client) : "–",
    source(batch.source), batch.first.length ? make("span", { title: batch.first[0].id }, `${batch.first[0].feature} / ${batch.first[0].action}`) : "–",
    count(batch.events), bytes(batch.bytes),
  ] })));
}
