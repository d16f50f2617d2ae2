// Making elements: text is always text, so that nothing from outside can become part of the page.

export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "class") made.className = value;
    else if (key === "text") made.textContent = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

// `html` comes from our own server, which escapes what is in it
export function fill(element, html) {
  element.innerHTML = html;
  return element;
}

const PATHS = {
  send: "M12 19V5M5 12l7-7 7 7",
  stop: "M7 7h10v10H7z",
  attach: "M21 11l-9 9a5 5 0 0 1-7-7l9-9a3.5 3.5 0 0 1 5 5l-9 9a2 2 0 0 1-3-3l8-8",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  edit: "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
  retry: "M4 4v6h6M20 20v-6h-6M5 15a8 8 0 0 0 14 2M19 9A8 8 0 0 0 5 7",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  close: "M6 6l12 12M18 6L6 18",
  menu: "M4 6h16M4 12h16M4 18h16",
  plus: "M12 5v14M5 12h14",
  pin: "M12 17v5M8 3h8l-1 7 3 4H6l3-4z",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM21 21l-5-5",
  widen: "M4 9V4h5M20 15v5h-5M4 4l6 6M20 20l-6-6",
  narrow: "M10 4v6H4M14 20v-6h6M10 10L4 4M14 14l6 6",
  chat: "M4 5h16v11H9l-5 4z",
  study: "M4 20V4M4 20h16M8 15l4-5 3 3 5-7",
  gear: "M12 15.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM12 2v3M12 19v3M4.9 4.9l2.1 2.1M17 17l2.1 2.1M2 12h3M19 12h3M4.9 19.1L7 17M17 7l2.1-2.1",
  help: "M9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2M12 18h.01",
  data: "M4 6c0-3 16-3 16 0s-16 3-16 0v12c0 3 16 3 16 0V6M4 12c0 3 16 3 16 0",
  memory: "M12 3a6 6 0 0 0-4 10c1 1 1 2 1 3h6c0-1 0-2 1-3a6 6 0 0 0-4-10zM10 20h4",
  list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
  down: "M6 9l6 6 6-6",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon-svg");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(svg.namespaceURI, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name, label, onclick, attributes = {}) {
  return el("button", { type: "button", class: "icon", "aria-label": label, title: label, onclick, ...attributes }, icon(name));
}

// draws a part again; the focus stays on the control of the same name, else it goes to the part;
// `isSame`: not on another of that name, which may mean something else
export function keepingFocus(part, draw, { isSame = true } = {}) {
  const focused = part.contains(document.activeElement) ? nameOf(document.activeElement) : null;
  draw();
  if (focused === null || part.contains(document.activeElement)) return;
  const controls = isSame ? [...part.querySelectorAll("a, button, input, select, textarea, summary")] : [];
  const same = controls.find((one) => nameOf(one) === focused) ?? controls[0] ?? part;
  if (same === part && !part.hasAttribute("tabindex")) part.setAttribute("tabindex", "-1");
  same.focus({ preventScroll: true });
}

const nameOf = (control) => control.getAttribute("aria-label") ?? control.textContent;
