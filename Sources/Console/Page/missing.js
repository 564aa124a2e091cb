// Why somebody's events are missing: the checklist that `gatewayctl diagnose` prints.
import { badge, choice, empty, facts, field, make, table } from "./elements.js";
import { ask } from "./server.js";
import { ago, count, fullTime, source } from "./words.js";

const kinds = [["client", "Instance or service id"], ["url", "External URL"], ["license-digest", "Licence digest"], ["event", "Event id"]];
const verdicts = { ok: ["good", "OK"], look_here: ["warn", "Look here"], problem: ["bad", "Problem"], not_known: ["info", "Not known"] };
const outcomes = { fine: ["good", "Nothing is wrong"], trouble: ["bad", "There is trouble"], unknown: ["info", "Nothing is known"] };

function asked(query) {
  const kind = kinds.find(([name]) => query.get(name));
  if (kind) return [kind[0], query.get(kind[0])];
  return query.get("kind") && query.get("text") ? [query.get("kind"), query.get("text")] : null;
}

export const missing = {
  title: "Missing events",

  async load({ query }) {
    const question = asked(query);
    return question ? ask("diagnose", { [question[0]]: question[1] }) : {};
  },

  render(data, { query }) {
    const question = asked(query) ?? ["client", ""];
    return [
      make("h1", { tabindex: "-1" }, "Missing events"),
      make("p", { class: "note" }, "What is known of a sender or of one event, as a checklist from the sender to the destination. gatewayctl diagnose says the same."),
      make("form", { class: "filters", role: "search", "data-form": "diagnose" },
        field("Look for", choice("kind", kinds, question[0])),
        field("which is", make("input", { type: "search", name: "text", value: question[1], required: true, autocomplete: "off", spellcheck: "false" })),
        make("button", { type: "submit", class: "primary" }, "Diagnose")),
      data.diagnoses ? data.diagnoses.map((one, index) => diagnosis(one, index)) : null,
    ];
  },
};

function diagnosis(one, index) {
  const outcome = outcomes[one.outcome] ?? outcomes.unknown;
  return make("section", { class: "card", "data-key": `${index} ${one.subject}`, "aria-label": one.subject },
    make("div", { class: "card-head" }, make("h2", { class: "break" }, one.subject), badge(...outcome)),
    one.next.length ? make("div", { class: "callout" }, make("b", {}, "What to do next"), make("ol", { class: "steps" }, one.next.map((step) => make("li", {}, step)))) : null,
    make("ul", { class: "checks", "aria-label": `Checklist for ${one.subject}` }, one.checks.map((check) => make("li", { class: (verdicts[check.verdict] ?? verdicts.not_known)[0] },
      badge(...(verdicts[check.verdict] ?? verdicts.not_known)), make("b", {}, check.title), make("span", { class: "break" }, check.text)))),
    one.event ? fates(one.event) : null,
    one.sender ? sender(one.sender) : null);
}

function fates(event) {
  return [
    make("p", { class: "note" }, `Received ${fullTime(Date.parse(event.received_at))}, segment ${event.segment}, batch ${event.batch}, event ${event.event}.`),
    event.destinations.length ? table("What became of the event", [{ text: "Destination" }, { text: "State" }, { text: "When" }, { text: "Message or place" }],
      event.destinations.map((one) => ({ cells: [
        make("span", { class: "mono" }, one.destination), one.state, one.delivered_at ? fullTime(Date.parse(one.delivered_at)) : "–",
        one.letter ? make("a", { href: `#/letters/${one.letter}` }, `dead letter ${one.letter}`) : make("span", { class: "mono break" }, one.message_id ?? one.location ?? "–"),
      ] }))) : null,
  ];
}

function sender(one) {
  const time = (text) => (text ? `${fullTime(Date.parse(text))}, ${ago(Date.parse(text))}` : "never");
  const reasons = (object) => Object.entries(object).map(([reason, number]) => `${count(number)} ${reason}`).join(", ");
  return facts([
    ["Kind", source(one.source)], ["External URL", one.external_url || "–"], ["Version", one.version || "–"],
    one.licence ? ["Licence", `${one.licence.digest}${one.licence.expires_at ? `, until ${one.licence.expires_at.slice(0, 10)}` : ""}`] : null,
    one.licence?.tags.length ? ["Licence tags", one.licence.tags.join(", ")] : null,
    ["Last seen", time(one.last_seen_at)], ["First seen", time(one.first_seen_at)], ["Last let in", time(one.last_stream_at)],
    ["Calls let in", count(one.streams)], ["Events accepted", count(one.accepted)],
    one.duplicates ? ["Of them sent before", count(one.duplicates)] : null,
    one.refusals ? ["Calls refused", `${count(one.refusals)} (${reasons(one.refusals_by_reason)})`] : ["Calls refused", "0"],
    one.quarantined ? ["Events quarantined", `${count(one.quarantined)} (${reasons(one.quarantined_by_reason)})`] : ["Events quarantined", "0"],
  ]);
}
