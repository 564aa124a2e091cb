import { empty, make, table, field } from "./elements.js";
import { ask } from "./server.js";
import { ago, count, quantity, source } from "./words.js";

const pageRows = 50;

export const clients = {
  title: "Clients",
  interval: 5000,
  load: ({ query }) => ask("clients", { search: query.get("search"), offset: query.get("offset") }),

  render(data, { query }) {
    const search = query.get("search") ?? "";
    const names = [...new Set(data.clients.flatMap((client) => client.destinations.map((one) => one.name)))];
    const chosen = names.includes(query.get("destination")) ? query.get("destination") : names[0];
    return [
      make("h1", { tabindex: "-1" }, "Clients"),
      make("form", { class: "filters", role: "search", "data-form": "search" },
        field("Instance, URL or service", make("input", { type: "search", name: "search", value: search, autocomplete: "off", spellcheck: "false", placeholder: "part of an id" })),
        names.length > 1 ? field("Destination", make("select", { "data-query": "destination" }, names.map((name) => make("option", { value: name, selected: name === chosen }, name)))) : null,
        make("button", { type: "submit" }, "Search")),
      data.clients.length ? [
        make("p", { class: "note" }, `${quantity(data.total, "client", "clients")}${search ? ` with “${search}”` : ""}, those with the most waiting first. Counted ${ago(data.counted_at)}.`),
        list(data, chosen), pages(data, query),
      ] : search ? empty(`No client matches “${search}”`, "The whole or a part of an instance id or of a service's id finds it.")
        : empty("No client has sent anything yet", "Each sender whose events are accepted is listed here."),
    ];
  },
};

function list(data, chosen) {
  return table("Clients and what became of their events", [
    { text: "Client" }, { text: "Kind" }, { text: "Accepted", class: "number" }, { text: "Waiting", class: "number" },
    { text: "Delivered", class: "number" }, { text: "Dead", class: "number" }, { text: "Otherwise", class: "number" },
  ], data.clients.map((client) => {
    const own = client.destinations.find((one) => one.name === chosen);
    const outcomes = own?.outcomes ?? {};
    const others = ["expired", "purged", "damaged", "skipped"].filter((name) => outcomes[name] > 0);
    return { key: `${client.source} ${client.name}`, cells: [
      make("span", { class: "mono" }, client.name || "(not readable)"), source(client.source), count(own?.accepted), count(own?.waiting), count(outcomes.delivered),
      outcomes.dead ? make("a", { href: `#/letters?client=${encodeURIComponent(client.name)}` }, count(outcomes.dead)) : "0",
      others.length ? others.map((name) => `${count(outcomes[name])} ${name}`).join(", ") : "0",
    ] };
  }));
}

export function pages(data, query) {
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
