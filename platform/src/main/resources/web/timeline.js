import { el, linkOrText, svg } from "./dom.js";

/** One small drawing per kind of step, on a 24 × 24 ground. */
const MARKS = {
  measured: "M12 3v11m0 0a3 3 0 1 0 .1 0M9 5h2m-2 3h2m-2 3h2",
  made: "M12 3l2.4 5 5.6.8-4 3.9 1 5.5-5-2.7-5 2.7 1-5.5-4-3.9 5.6-.8z",
  packed: "M4 8l8-4 8 4v8l-8 4-8-4zm0 0l8 4 8-4m-8 4v8",
  moved: "M3 16V7h10v9m0-6h4l4 3v3h-2M3 16h2m4 0h6M7 18a2 2 0 1 0 0-4 2 2 0 0 0 0 4zm10 0a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  kept: "M4 20V9l8-5 8 5v11M8 20v-7h8v7",
  sold: "M4 5h2l2 10h10l2-7H7m2 12a1 1 0 1 0 0-.1m8 .1a1 1 0 1 0 0-.1",
  checked: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zm5-2l6 6M7 10l2 2 4-4",
  ended: "M6 6l12 12M18 6L6 18",
  seen: "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zm10 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
};

const MARK_OF_STEP = {
  sensor_reporting: "measured", commissioning: "made", creating_class_instance: "made", encoding: "made", assembling: "made",
  packing: "packed", loading: "packed", unloading: "packed", picking: "packed", staging_outbound: "moved",
  shipping: "moved", transporting: "moved", departing: "moved", arriving: "moved", entering_exiting: "moved",
  receiving: "kept", storing: "kept", stocking: "kept", accepting: "kept", holding: "kept",
  retail_selling: "sold", dispensing: "sold", inspecting: "checked", sampling: "checked",
  decommissioning: "ended", destroying: "ended",
};

/** More events than this are folded between the first and the last. */
const DRAWN_MAX = 400;

/** The journey of a thing: sensor strips on top, then one line per event, oldest first. */
export function journey(trace, word, language) {
  const drawn = trace.events.slice(0, DRAWN_MAX);
  const list = el("ol", { class: "journey" });
  drawn.forEach((event, i) => list.append(line(event, drawn[i + 1], word, language)));
  const parts = [strips(trace.events, word), list];
  if (trace.truncated || drawn.length < trace.events.length) parts.push(el("p", { class: "empty" }, word.truncated));
  return parts;
}

function line(event, next, word, language) {
  const step = event.bizStep ?? "observed";
  const mark = svg("svg", { class: "mark", viewBox: "0 0 24 24", "aria-hidden": "true" },
    svg("path", { d: MARKS[MARK_OF_STEP[step] ?? "seen"] }));
  const readings = (event.sensor ?? []).map(reading =>
    el("span", { class: "reading" }, `${word.measure[reading.type] ?? reading.type} ${amount(reading)}`));
  const place = [event.bizLocation, event.readPoint].find(uri => uri && uri !== deviceUri(event)) ?? "";
  return el("li", {}, mark,
    el("div", { class: "step" }, word.step[step] ?? step),
    el("div", { class: "when" }, localTime(event.eventTime, language), event.device ? ` · ${event.device}` : ""),
    el("div", { class: "where" }, linkOrText(place)),
    el("div", {}, ...readings),
    el("details", {}, el("summary", {}, word.source), el("pre", {}, JSON.stringify(event, null, 2))),
    next ? el("span", { class: "gap" }, between(event.eventTime, next.eventTime, word, language)) : null);
}

/** Stands as read point when nobody configured one; the device is named already. */
function deviceUri(event) {
  return `urn:waymark:device:${encodeURIComponent(event.device ?? "")}`;
}

/** One small chart per measured quantity that has at least three values. */
function strips(events, word) {
  const series = new Map();
  for (const event of events) {
    for (const reading of event.sensor ?? []) {
      if (typeof reading.value !== "number") continue;
      const key = `${reading.type}|${reading.uom ?? ""}`;
      if (!series.has(key)) series.set(key, []);
      series.get(key).push({ time: Date.parse(event.eventTime), value: reading.value, reading });
    }
  }
  const charts = [...series.values()].filter(points => points.length >= 3).map(points => strip(points, word));
  return charts.length === 0 ? "" : el("div", { class: "strips" }, ...charts);
}

function strip(points, word) {
  const values = points.map(p => p.value);
  const low = Math.min(...values), high = Math.max(...values);
  const first = points[0].time, last = points[points.length - 1].time;
  const x = p => last === first ? 50 : ((p.time - first) / (last - first)) * 100;
  const y = p => high === low ? 15 : 28 - ((p.value - low) / (high - low)) * 26;
  const { type } = points[0].reading;
  const unit = { ...points[0].reading };
  const range = `${amount({ ...unit, value: low })} – ${amount({ ...unit, value: high })}`;
  return el("figure", { class: "strip" },
    el("figcaption", {}, `${word.measure[type] ?? type} ${range}`),
    svg("svg", { viewBox: "0 0 100 30", preserveAspectRatio: "none", role: "img" },
      svg("polyline", { points: points.map(p => `${x(p).toFixed(2)},${y(p).toFixed(2)}`).join(" ") })));
}

/** UN/ECE Recommendation 20 unit codes as people write them. */
const UNITS = { CEL: "°C", FAH: "°F", KEL: "K", P1: "%", A93: "g/m³", KGM: "kg", GRM: "g", KWT: "kW", WTT: "W", KWH: "kWh", PAL: "Pa", HPA: "hPa", BAR: "bar", VLT: "V", AMP: "A", MTR: "m" };

function amount(reading) {
  const number = typeof reading.value === "number" ? String(Math.round(reading.value * 1000) / 1000) : String(reading.value ?? "");
  return `${number} ${UNITS[reading.uom] ?? reading.uom ?? ""}`.trim();
}

function localTime(iso, language) {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  return new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", { dateStyle: "medium", timeStyle: "medium" }).format(time);
}

function between(from, to, word, language) {
  const seconds = Math.round((Date.parse(to) - Date.parse(from)) / 1000);
  if (!(seconds >= 60)) return "";
  const [amount, unit] = seconds >= 172800 ? [Math.round(seconds / 86400), "day"]
    : seconds >= 7200 ? [Math.round(seconds / 3600), "hour"] : [Math.round(seconds / 60), "minute"];
  const text = new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en-GB", { style: "unit", unit, unitDisplay: "long" }).format(amount);
  return `↓ ${text} ${word.later}`;
}
