// Numbers and times as people read them.

const whole = new Intl.NumberFormat("en");
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

export const count = (number) => (number === null || number === undefined ? "–" : whole.format(number));
export const compact = (number) => (Math.abs(number) < 10_000 ? whole.format(Math.round(number)) : short.format(number));
export const quantity = (number, one, many) => `${count(number)} ${number === 1 ? one : many}`;
export const events = (number) => quantity(number, "event", "events");

export function bytes(number) {
  if (number === null || number === undefined) return "–";
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let index = 0;
  while (number >= 1024 && index < units.length - 1) {
    number /= 1024;
    index += 1;
  }
  return `${index === 0 || number >= 100 ? Math.round(number) : number.toFixed(1)} ${units[index]}`;
}

export function rate(number) {
  if (number === null || number === undefined) return "–";
  const value = Math.max(0, number);
  return `${value > 0 && value < 10 ? value.toFixed(1) : compact(value)}/s`;
}

// A span of time in milliseconds.
export function span(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min${seconds % 60 && minutes < 10 ? ` ${seconds % 60} s` : ""}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h${minutes % 60 ? ` ${minutes % 60} min` : ""}`;
  const days = Math.floor(hours / 24);
  return days < 730 ? `${days} d${hours % 24 && days < 10 ? ` ${hours % 24} h` : ""}` : `${Math.floor(days / 365)} years`;
}

export function left(time, now, never) {
  if (!time) return "–";
  return { now, never, unknown: "not known yet" }[time.kind] ?? span(time.seconds * 1000);
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const minute = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const full = new Intl.DateTimeFormat("en-CA", {
  year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});

export const clockTime = (time) => clock.format(time);
export const minuteTime = (time) => minute.format(time);
export const fullTime = (time) => full.format(time).replace(",", "");
export const ago = (time, now = Date.now()) => (time === null || time === undefined ? "never" : now - time < 1000 ? "just now" : `${span(now - time)} ago`);

// The largest unit only.
export const briefly = (time) => ago(time).replace(/^(\d+ (?:min|h|d)) \d+ \S+/, "$1");

const sources = {
  licensed_instance: "licensed instance", unlicensed_instance: "unlicensed instance", managed_service: "managed service",
};
export const source = (name) => sources[name] ?? name;

export const acts = {
  pause: "paused", resume: "resumed", drain: "drained", drain_then_exit: "drained and ended",
  replay: "sent letters again", purge: "purged letters", replay_past: "sent the past again",
  replay_edited: "mended letters and sent them", cancel_replay: "stopped sending letters again",
  cancel_replay_past: "stopped sending the past again",
};
