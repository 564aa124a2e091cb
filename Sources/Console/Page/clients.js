import { empty, field, make, table } from "./elements.js";
import { ask } from "./server.js";
import { ago, briefly, count, fullTime, quantity, source } from "./words.js";

const pageRows = 50;

export const clients = {
  title: "Clients",
  interval: 5000,
  load: ({ query }) => ask("clients", { search: query.get("search"), offset: query.get("offset") }),

  render(data, { query }) {
    const search = query.get("search") ?? "";
    const names = data.destinations;
    const chosen = names.includes(query.get("destination")) ? query.get("destination") : names[0];
    return [
      make("h1", { tabindex: "-1" }, "Clients"),
      make("form", { class: "filters", role: "search", "data-form": "search" },
        field("Instance id, external URL, service or licence digest", make("input", { type: "search", name: "search", value: search, autocomplete: "off", spellcheck: "false", placeholder: "a part of it" })),
        names.length > 1 ? field("Destination", make("select", { "data-query": "destination" }, names.map((name) => make("option", { value: name, selected: name === chosen }, name)))) : null,
        make("button", { type: "submit" }, "Search")),
      data.clients.length ? [
        make("p", { class: "note" }, `${quantity(data.total, "client", "clients")}${search ? ` with “${search}”` : ""}, ${data.has_senders ? "the newest seen" : "those with the most waiting"} first. Waiting and delivered were counted ${ago(data.counted_at)}.`),
        list(data, chosen), pages(data, query),
      ] : search ? empty(`No client matches “${search}”`, "A part of an instance id, of an external URL or of a service's id finds it, or the beginning of a licence's digest.")
        : empty("No client has sent anything yet", "Each sender is listed here, those that were refused too."),
    ];
  },
};

// Calls or events that were refused, with the reasons.
function refused(sender) {
  const parts = [];
  if (sender.refusals) parts.push([sender.refusals, "call", "calls", sender.refusals_by_reason]);
  if (sender.quarantined) parts.push([sender.quarantined, "event", "events", sender.quarantined_by_reason]);
  if (!parts.length) return "0";
  return parts.map(([number, one, many, reasons]) => {
    const known = Object.entries(reasons);
    return make("div", { class: "line-of", title: known.map(([reason, times]) => `${reason}: ${count(times)}`).join(", ") },
      quantity(number, one, many), " ", make("small", {}, known.length ? known[0][0] : "", known.length > 1 ? ` +${known.length - 1}` : ""));
  });
}

function list(data, chosen) {
  const heads = [
    { text: "Client" },
    ...(data.has_senders ? [{ text: "Version" }, { text: "Last seen" }] : []),
    { text: "Accepted", class: "number" }, ...(data.has_senders ? [{ text: "Refused" }] : []),
    { text: "Waiting", class: "number" }, { text: "Delivered", class: "number" }, { text: "Dead", class: "number" }, { text: "Otherwise", class: "number" },
  ];
  return table("Clients and what became of their events", heads, data.clients.map((client) => {
    const own = client.destinations.find((one) => one.name === chosen);
    const outcomes = own?.outcomes ?? {};
    const sender = client.sender;
    const others = ["expired", "purged", "damaged", "skipped"].filter((name) => outcomes[name] > 0);
    const seen = sender && Date.parse(sender.last_seen_at);
    const url = sender?.external_url;
    return { key: `${client.source} ${client.name}`, cells: [
      [make("a", { href: `#/missing?client=${encodeURIComponent(client.name)}`, class: "mono cut wide", title: client.name }, client.name || "(without a name)"),
        make("small", { class: "below" }, source(client.source), url ? ` · ${url}` : "")],
      ...(data.has_senders ? [sender?.version || "–", sender ? make("time", { title: fullTime(seen) }, briefly(seen)) : "–"] : []),
      count(own?.accepted ?? sender?.accepted ?? 0), ...(data.has_senders ? [sender ? refused(sender) : "–"] : []),
      count(own?.waiting ?? 0), count(outcomes.delivered ?? 0),
      outcomes.dead ? make("a", { href: `#/letters?client=${encodeURIComponent(client.name)}` }, count(outcomes.dead)) : "0",
      others.length ? others.map((name) => `${count(outcomes[name])} ${name}`).join(", ") : "0",
    ] };
  }));
}

function pages(data, query) {
  const link = (offset, text) => {
    const next = new URLSearchParams(query);
    next.set("offset", offset);
    return make("a", { href: `#/clients?${next}` }, text);
  };
  if (data.total <= pageRows) return null;
  return make("nav", { class: "pager", "aria-label": "More clients" },
    data.offset > 0 ? link(Math.max(0, data.offset - pageRows), "Previous") : null,
    make("span", {}, `${count(data.offset + 1)}–${count(data.offset + data.clients.length)} of ${count(data.total)}`),
    data.offset + pageRows < data.total ? link(data.offset + pageRows, "Next") : null);
}
