const SVG = "http://www.w3.org/2000/svg";

/** An HTML element. Children that are strings become text, never markup: codes and payloads come from strangers. */
export function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** An SVG element, otherwise as {@link el}. */
export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children.filter(child => child !== null && child !== undefined));
  return node;
}

/** A link if the text is a web address, else the text itself. Other URI schemes are never made clickable. */
export function linkOrText(text) {
  return /^https?:\/\//i.test(text) ? el("a", { href: text, rel: "noopener noreferrer" }, text) : text;
}
