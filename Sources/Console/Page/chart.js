// Lines over time as SVG, with the same in words and in numbers.
import { draw, make } from "./elements.js";
import { clockTime, minuteTime, span } from "./words.js";

const shortest = 120_000, height = 132, edge = { top: 10, right: 8, bottom: 20, left: 54 };
const shown = new Map();

const minute = 60_000, hour = 60 * minute, day = 24 * hour;
const roundTimes = [10_000, 20_000, minute, 2 * minute, 10 * minute, 20 * minute, hour, 2 * hour, 4 * hour, 12 * hour, day, 2 * day, 4 * day, 10 * day, 20 * day];

// The next number at or above of which a half is still short to write.
function ceiling(number, axis) {
  if (axis === "time") return roundTimes.find((time) => time >= number) ?? Math.ceil(number / (20 * day)) * 20 * day;
  const base = axis === "bytes" ? 1024 ** Math.floor(Math.log(number) / Math.log(1024)) : 1;
  const power = 10 ** Math.floor(Math.log10(number / base));
  return [1, 2, 4, 6, 8, 10].map((step) => step * power * base).find((step) => step >= number * 0.999);
}

// `series`: [{ name, kind, values }], a value or null for each of `times`.
export function chart({ key, title, times, range, now, series, format, axis, least = 1, width = 460 }) {
  // A forwarder that was just started knows no past: what it knows gets the room.
  const start = Math.max(now - range * 1000, Math.min(times[0] ?? 0, now - shortest));
  const stretch = now - start;
  const known = series.flatMap((one) => one.values).filter((value) => value !== null);
  const top = ceiling(Math.max(least, ...known), axis);
  const x = (time) => edge.left + ((time - start) / stretch) * (width - edge.left - edge.right);
  const y = (value) => edge.top + (1 - value / top) * (height - edge.top - edge.bottom);
  // Where nothing was looked at for long, there is no line.
  const gap = Math.max(30_000, stretch / 24);
  const summary = words(title, series, format, stretch);
  shown.set(key, { times, series, format, x, y, width });
  const last = (one) => one.values.findLast((value) => value !== null);

  return make("figure", { class: "chart", "data-key": key },
    make("figcaption", {},
      make("span", { class: "chart-title" }, title),
      make("span", { class: "legend" }, series.map((one) => make("span", { class: `series ${one.kind}` },
        make("i", { "aria-hidden": "true" }), series.length > 1 ? `${one.name} ` : "", make("b", {}, known.length ? format(last(one) ?? 0) : "–"))))),
    draw("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": summary, "data-chart": key },
      [0, 0.5, 1].map((part) => draw("g", { class: "tick" },
        draw("line", { x1: edge.left, x2: width - edge.right, y1: y(top * part), y2: y(top * part) }),
        draw("text", { x: edge.left - 6, y: y(top * part) + 4, "text-anchor": "end" }, format(top * part)))),
      [0, 0.5, 1].map((part) => draw("text", {
        class: "when", x: x(start + part * stretch), y: height - 4, "text-anchor": ["start", "middle", "end"][part * 2],
      }, part === 1 ? "now" : minuteTime(start + part * stretch))),
      series.map((one) => lines(one, times, x, y, gap, top)),
      known.length ? null : draw("text", { class: "nothing", x: (edge.left + width) / 2, y: height / 2, "text-anchor": "middle" }, "no figures yet"),
      draw("g", { class: "cursor", "data-keep": "" })),
    make("details", {}, make("summary", {}, "As a table", make("span", { class: "unseen" }, `: ${title}`)), numbers(title, times, series, format)));
}

function lines(one, times, x, y, gap) {
  const pieces = [];
  let piece = [];
  times.forEach((time, index) => {
    const value = one.values[index];
    const isFar = piece.length && time - piece.at(-1)[2] > gap;
    if (value === null || isFar) {
      if (piece.length) pieces.push(piece);
      piece = [];
    }
    if (value !== null) piece.push([x(time), y(value), time]);
  });
  if (piece.length) pieces.push(piece);
  const path = (points) => points.map(([left, top], index) => `${index ? "L" : "M"}${left.toFixed(1)} ${top.toFixed(1)}`).join("");
  return draw("g", { class: `line ${one.kind}` }, pieces.map((points) => points.length === 1
    ? draw("circle", { cx: points[0][0], cy: points[0][1], r: 2 })
    : [
      one.fills ? draw("path", { class: "area", d: `${path(points)}L${points.at(-1)[0].toFixed(1)} ${y(0)}L${points[0][0].toFixed(1)} ${y(0)}Z` }) : null,
      draw("path", { d: path(points) }),
    ]));
}

function words(title, series, format, stretch) {
  const parts = series.map((one) => {
    const known = one.values.filter((value) => value !== null);
    if (!known.length) return `${one.name}: no figures yet`;
    return `${one.name}: ${format(known.at(-1))} now, between ${format(Math.min(...known))} and ${format(Math.max(...known))}`;
  });
  return `${title}, last ${span(stretch)}. ${parts.join(". ")}.`;
}

function numbers(title, times, series, format) {
  const step = Math.max(1, Math.ceil(times.length / 12));
  const picked = times.map((_, index) => index).filter((index) => (times.length - 1 - index) % step === 0).reverse();
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `${title} as a table` }, make("table", { class: "small" },
    make("caption", { class: "unseen" }, title),
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Time"), series.map((one) => make("th", { scope: "col", class: "number" }, one.name)))),
    make("tbody", {}, picked.map((index) => make("tr", {}, make("td", {}, clockTime(times[index])),
      series.map((one) => make("td", { class: "number" }, one.values[index] === null ? "–" : format(one.values[index]))))))));
}

// A line under the pointer with the values of its moment.
document.addEventListener("pointermove", (event) => {
  const svg = event.target.closest?.("svg[data-chart]");
  for (const other of document.querySelectorAll("svg[data-chart] .cursor")) if (!svg?.contains(other)) other.replaceChildren();
  const data = svg && shown.get(svg.dataset.chart);
  if (!data || !data.times.length) return;
  const box = svg.getBoundingClientRect();
  const at = ((event.clientX - box.left) / box.width) * data.width;
  const index = data.times.reduce((best, time, each) => (Math.abs(data.x(time) - at) < Math.abs(data.x(data.times[best]) - at) ? each : best), 0);
  const place = data.x(data.times[index]);
  const values = data.series.map((one) => `${data.series.length > 1 ? `${one.name} ` : ""}${one.values[index] === null ? "–" : data.format(one.values[index])}`);
  const onLeft = place > data.width / 2;
  svg.querySelector(".cursor").replaceChildren(
    draw("line", { x1: place, x2: place, y1: edge.top, y2: height - edge.bottom }),
    ...data.series.filter((one) => one.values[index] !== null).map((one) => draw("circle", { class: one.kind, cx: place, cy: data.y(one.values[index]), r: 3 })),
    draw("text", { x: onLeft ? place - 8 : place + 8, y: edge.top + 8, "text-anchor": onLeft ? "end" : "start" }, `${clockTime(data.times[index])}  ${values.join(", ")}`));
});
