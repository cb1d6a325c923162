import { svg } from "./dom.js";

const COLOURS = ["#0f766e", "#b45309", "#4338ca", "#be185d", "#0369a1", "#4d7c0f", "#7c3aed"];

/** Drawn about as wide as it is shown, so that its letters stay as large as the page's. */
const WIDTH = 440;

/** Draws the bits of a tag to scale; null when the fields carry no bit ranges ("bits 14–57" in a note). */
export function bitRuler(fields) {
  const spans = fields.map(bitsOf).filter(span => span !== null);
  if (spans.length === 0) return null;
  const total = Math.max(...spans.map(span => span.to)) + 1;
  const x = bit => (bit / total) * WIDTH;
  const picture = svg("svg", { class: "ruler", viewBox: `0 0 ${WIDTH} 52`, role: "img" });
  spans.forEach((span, i) => picture.append(
    svg("rect", {
      x: x(span.from), y: 14, width: Math.max(x(span.to + 1) - x(span.from) - 1, 1), height: 20, rx: 2,
      fill: COLOURS[i % COLOURS.length], opacity: .82,
    }, svg("title", {}, `${span.name}: ${span.value}`)),
    svg("text", { class: "edge", x: x(span.from), y: 10 }, String(span.from)),
    svg("text", { x: x(span.from), y: 48 }, x(span.to + 1) - x(span.from) > 7.2 * span.name.length ? span.name : ""),
  ));
  return picture;
}

function bitsOf(field) {
  const range = /bits? (\d+)(?:\s*[–-]\s*(\d+))?/.exec(field.note ?? "");
  if (range === null) return null;
  return { name: field.name, value: field.value, from: Number(range[1]), to: Number(range[2] ?? range[1]) };
}
