import { empty, make, table } from "./elements.js";
import { ask } from "./server.js";
import { acts as words, ago, count, fullTime } from "./words.js";

export const acts = {
  title: "Acts",
  interval: 10_000,
  load: () => ask("acts"),

  render(data) {
    return [
      make("h1", { tabindex: "-1" }, "Acts"),
      make("p", { class: "note" }, "Who did what by hand, here or with gatewayctl, the newest first."),
      data.acts.length ? table("What was done by hand", [
        { text: "When" }, { text: "Who" }, { text: "Did" }, { text: "Destination" }, { text: "Details" }, { text: "Events", class: "number" },
      ], data.acts.map((act) => ({ cells: [
        make("time", { title: ago(act.at) }, fullTime(act.at)), act.actor, words[act.action] ?? act.action,
        make("span", { class: "mono" }, act.destination || "–"), act.detail || "–", count(act.events),
      ] }))) : empty("Nothing was done by hand", "Pauses, replays and purges are recorded here with who did them."),
      data.acts.length >= data.limit ? make("p", { class: "note" }, `Only the newest ${count(data.limit)} are shown.`) : null,
    ];
  },
};
