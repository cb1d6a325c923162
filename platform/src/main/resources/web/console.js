import { el, linkOrText } from "./dom.js";
import { bitRuler } from "./ruler.js";
import { journey } from "./timeline.js";
import { preferredLanguage, words } from "./words.js";

/** Codes that show what may be pasted; the first ones are those that the README registers. */
const EXAMPLES = ["88.118.8/ABC123", "(01)06901234567892(21)T0001", "https://id.gs1.org/01/06901234567892/21/T0001", "3035A537C837754000001A85"];
const HEALTH_EVERY_MILLIS = 10_000;

const byId = id => document.getElementById(id);
let language = preferredLanguage();
let word = words[language];
let asked = 0;

function speak() {
  word = words[language];
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = word[node.dataset.word];
  byId("language").textContent = word.other;
  byId("camera").textContent = word.scan;
  byId("code").placeholder = word.placeholder;
  byId("code").setAttribute("aria-label", word.question);
  byId("examples").replaceChildren(`${word.try} `, ...EXAMPLES.flatMap(code =>
    [el("a", { class: "chip", href: `?code=${encodeURIComponent(code)}` }, code), " "]));
}

/** GET as JSON. Answers {status, body}; status 0 when the node cannot be reached. */
async function get(path) {
  try {
    const response = await fetch(path, { headers: { accept: "application/json" } });
    return { status: response.status, body: await response.json().catch(() => ({})) };
  } catch {
    return { status: 0, body: {} };
  }
}

async function look(code) {
  const ticket = ++asked;
  byId("code").value = code;
  document.body.setAttribute("aria-busy", "true");
  const lookup = await get(`api/v1/lookup?code=${encodeURIComponent(code)}`);
  const trace = await get(`trace?code=${encodeURIComponent(travellingCode(lookup.body) ?? code)}`);
  if (ticket !== asked) return;
  document.body.removeAttribute("aria-busy");
  const known = lookup.status === 200;
  byId("problem").hidden = known;
  byId("answer").hidden = !known;
  if (!known) {
    byId("problem").textContent = lookup.status === 0 ? word.unreachable : lookup.body.message ?? `HTTP ${lookup.status}`;
    return;
  }
  byId("what").replaceChildren(...what(lookup.body));
  byId("record").replaceChildren(...record(lookup.body));
  byId("timeline").replaceChildren(...timeline(trace));
}

/** Tags and barcodes carry GS1 codes, not handles: of a handle, the journey is that of the code its record declares. */
function travellingCode(answer) {
  if (answer.scheme !== "HANDLE") return undefined;
  const declared = (answer.values ?? []).find(value => value.type === "GS1");
  return declared && (declared.data?.value ?? declared.data);
}

function what(answer) {
  const carrier = word.carrier[answer.carrier] ?? "";
  const rows = answer.fields.map(field => el("tr", {}, el("td", {}, field.name), el("td", { class: "value" }, field.value), el("td", { class: "note" }, field.note ?? "")));
  const parts = [
    el("h2", {}, word.what),
    el("div", {}, el("span", { class: "scheme" }, word.scheme[answer.scheme] ?? answer.scheme), el("span", { class: "faint" }, carrier)),
    el("div", { class: "canonical" }, answer.identifier),
  ];
  const ruler = bitRuler(answer.fields);
  if (ruler !== null) parts.push(ruler);
  if (rows.length > 0) parts.push(table([word.part, word.value, word.meaning], rows));
  return parts;
}

function record(answer) {
  const parts = [el("h2", {}, word.record)];
  if (!answer.handle) return [...parts, el("p", { class: "empty" }, word.noRecord)];
  parts.push(el("div", { class: "canonical" }, answer.handle));
  if (answer.matched && answer.matched !== answer.identifier) parts.push(el("p", { class: "faint" }, `${word.matched} `, el("code", {}, answer.matched)));
  const values = answer.values ?? [];
  if (values.length === 0) return [...parts, el("p", { class: "empty" }, word.privateRecord)];
  parts.push(table([word.index, word.type, word.value], values.map(value =>
    el("tr", {}, el("td", {}, String(value.index)), el("td", {}, value.type), el("td", { class: "value" }, dataOf(value.data))))));
  return parts;
}

function dataOf(data) {
  const value = typeof data === "object" && data !== null ? data.value : data;
  return typeof value === "string" ? linkOrText(value) : JSON.stringify(value);
}

function timeline(trace) {
  const heading = el("h2", {}, word.timeline);
  if (trace.status === 503) return [heading, el("p", { class: "empty" }, word.tracingStarts)];
  if (trace.status !== 200) return [heading, el("p", { class: "empty" }, trace.body.message ?? word.unreachable)];
  if (trace.body.events.length === 0) return [heading, el("p", { class: "empty" }, word.noEvents)];
  heading.append(` · ${word.events(trace.body.count)}`);
  return [heading, ...journey(trace.body, word, language)];
}

function table(head, rows) {
  return el("table", {}, el("thead", {}, el("tr", {}, ...head.map(text => el("th", { scope: "col" }, text)))), el("tbody", {}, ...rows));
}

async function watchHealth() {
  const { status, body } = await get("health");
  const state = status === 0 ? "down" : String(body.status ?? "down").toLowerCase();
  byId("health").className = `health ${state}`;
  byId("health").textContent = word[state] ?? state;
}

/** Reads codes with the camera where the browser itself can (BarcodeDetector); hand scanners simply type into the box. */
function offerCamera() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  byId("camera").hidden = false;
  byId("camera").addEventListener("click", scan);
}

async function scan() {
  const video = byId("video");
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    const end = () => { stream.getTracks().forEach(track => track.stop()); byId("viewfinder").hidden = true; };
    byId("viewfinder").hidden = false;
    byId("stop").onclick = end;
    video.srcObject = stream;
    await video.play();
    const detector = new window.BarcodeDetector();
    while (!byId("viewfinder").hidden) {
      const [found] = await detector.detect(video);
      if (found) { end(); ask(found.rawValue); return; }
      await new Promise(requestAnimationFrame);
    }
  } catch (failure) {
    byId("problem").hidden = false;
    byId("problem").textContent = word.cameraFailed + failure.message;
  }
}

/** Looks a code up and keeps it in the address, so that the page can be shared and the back button works. */
function ask(code) {
  const trimmed = code.trim();
  if (trimmed === "") return;
  history.pushState(null, "", `?code=${encodeURIComponent(trimmed)}`);
  look(trimmed);
}

function fromAddress() {
  const code = new URLSearchParams(location.search).get("code");
  if (code) look(code);
  else { byId("answer").hidden = true; byId("problem").hidden = true; }
}

byId("ask").addEventListener("submit", event => { event.preventDefault(); ask(byId("code").value); });
byId("language").addEventListener("click", () => {
  language = language === "en" ? "zh" : "en";
  localStorage.setItem("waymark.language", language);
  speak(); watchHealth(); fromAddress();
});
byId("examples").addEventListener("click", event => {
  if (event.target.matches("a.chip")) { event.preventDefault(); ask(event.target.textContent); }
});
addEventListener("popstate", fromAddress);
addEventListener("keydown", event => {
  if (event.key === "/" && document.activeElement !== byId("code")) { event.preventDefault(); byId("code").select(); }
});
speak();
offerCamera();
watchHealth();
setInterval(watchHealth, HEALTH_EVERY_MILLIS);
fromAddress();
