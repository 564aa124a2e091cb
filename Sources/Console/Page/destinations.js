import { badge, button, empty, facts, make } from "./elements.js";
import { ask, session } from "./server.js";
import { ago, bytes, count, events, fullTime, left, quantity, rate, span } from "./words.js";
import { actButton, perform } from "./acting.js";

export const destinations = {
  title: "Destinations",
  interval: 2000,
  load: () => ask("overview", { range: "15m" }),

  render(data) {
    return [
      make("h1", { tabindex: "-1" }, "Destinations"),
      data.destinations.length ? data.destinations.map((one) => card(one, data)) : empty("No destination yet", "GATEWAY_DESTINATIONS says where events go."),
    ];
  },

  acts: {
    async pause({ dataset }, { refresh }) {
      await perform({
        title: `Pause ${dataset.name}?`,
        text: "Nothing more is sent there until somebody resumes it, after a restart neither. Events go on coming in and wait in the spool.",
        fields: [{ name: "reason", label: "Reason", hint: "Shown to everybody who looks.", required: true }],
        confirm: "Pause", command: "pause", arguments: ({ reason }) => ({ destination: dataset.name, reason }),
        done: () => `${dataset.name} is paused.`,
      });
      refresh();
    },
    async resume({ dataset }, { refresh }) {
      await perform({
        title: `Resume ${dataset.name}?`, text: "What waits is sent at once, as fast as the destination takes it.",
        confirm: "Resume", command: "resume", arguments: () => ({ destination: dataset.name }),
        done: () => `${dataset.name} is delivering again.`,
      });
      refresh();
    },
  },
};

function state(one) {
  if (one.configured === false) return [badge("info", "Not configured any more")];
  const list = [];
  if (one.paused) list.push(badge("warn", "Paused"));
  else if (one.pause_reason) list.push(badge("bad", "Stopped"));
  else if (one.draining) list.push(badge("warn", "Draining"));
  else if (one.breaker === "open") list.push(badge("bad", "Breaker open"));
  else if (one.breaker === "half_open") list.push(badge("warn", "Trying again"));
  else list.push(badge("good", "Delivering"));
  return list;
}

function breaker(one, now) {
  if (one.breaker === "closed") return "closed: requests go through";
  if (one.breaker === "half_open") return "half open: single requests try whether it is back";
  return `open: nothing is sent; next try ${one.open_until > now ? `in ${span(one.open_until - now)}` : "is due"}`;
}

function card(one, data) {
  const others = Object.entries(one.outcomes ?? {}).filter(([name, number]) => name !== "delivered" && number > 0);
  const acts = one.configured === false ? null
    : one.paused ? actButton("Resume…", "resume", { "data-name": one.name, "aria-label": `Resume ${one.name}` })
      : actButton("Pause…", "pause", { "data-name": one.name, "aria-label": `Pause ${one.name}` });
  return make("section", { class: "card", "data-key": one.name, "aria-label": one.name },
    make("div", { class: "card-head" }, make("h2", { class: "mono" }, one.name), state(one), make("span", { class: "space" }), acts),
    one.paused || one.pause_reason ? make("p", { class: one.paused ? "callout warn" : "callout bad" },
      one.paused ? "Paused" : "Nothing is sent", one.pause_reason ? `: ${one.pause_reason}` : " without a reason",
      one.paused ? ". Who paused it is under Acts." : ". Purge dead letters or send them again to make room.") : null,
    one.last_error ? make("p", { class: one.breaker === "closed" ? "callout" : "callout bad" },
      make("b", {}, "Last error "), make("time", { title: fullTime(one.last_error.at) }, ago(one.last_error.at, data.at)), ": ", make("code", {}, one.last_error.code), " ", one.last_error.message) : null,
    facts([
      ["Waiting", one.waiting_events ? `${events(one.waiting_events)}, ${bytes(one.waiting_bytes)}` : "nothing"],
      ["Oldest waits", one.waiting_events && one.oldest_at ? span(data.at - one.oldest_at) : "–"],
      ["In", rate(one.rate_in)], ["Out", rate(one.rate_out)],
      ["Empty in", left(one.time_to_empty, "empty", "never at these rates")],
      ["Breaker", breaker(one, data.at)],
      ["Requests", `${count(one.in_flight)} under way, ${one.concurrency ? one.concurrency.toFixed(one.concurrency % 1 ? 1 : 0) : "–"} allowed at once`],
      ["Delivered", one.outcomes ? `${count(one.outcomes.delivered)} of ${count(one.accepted)} accepted, ${bytes(one.delivered_bytes)}` : "–"],
      ["Last delivery", ago(one.last_delivery_at, data.at)],
      others.length ? ["Otherwise resolved", others.map(([name, number]) => `${count(number)} ${name}`).join(", ")] : null,
      ["Dead letters", one.dead_letters ? make("a", { href: `#/letters?destination=${encodeURIComponent(one.name)}` },
        `${count(one.dead_letters)}, ${bytes(one.dead_letter_bytes)}`, one.oldest_dead_letter_at ? `, oldest ${ago(one.oldest_dead_letter_at, data.at)}` : "") : "none"],
      one.replaying ? ["Being sent again", quantity(one.replaying, "letter", "letters")] : null,
      ...(one.replays ?? []).map((job) => [`Replay ${job.job}`, `${events(job.sent)} of ${fullTime(job.from)} to ${fullTime(job.to)} sent again so far`]),
    ]));
}
