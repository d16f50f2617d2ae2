// A menu below a button: arrows move, Escape closes, and the button gets the focus back.
import { el } from "./dom.js";

export function menu(button, entries) {
  document.querySelector(".menu")?.remove();
  const items = entries.map(([label, run, kind]) =>
    el("button", { type: "button", role: "menuitem", class: kind, tabindex: -1, text: label, onclick: () => (close(), run()) }),
  );
  const box = el("div", { class: "recpilot-over menu", role: "menu", "aria-label": button.getAttribute("aria-label") }, items);

  function close(back = true) {
    box.remove();
    document.removeEventListener("pointerdown", outside);
    button.setAttribute("aria-expanded", "false");
    if (back) button.focus();
  }

  function outside(event) {
    if (!box.contains(event.target)) close(false);
  }

  box.addEventListener("keydown", (event) => {
    const place = items.indexOf(document.activeElement);
    const steps = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: items.length - 1 };
    if (event.key in steps) items[(steps[event.key] + items.length) % items.length].focus();
    else if (event.key === "Escape" || event.key === "Tab") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.getElementById("recpilot").append(box);
  const at = button.getBoundingClientRect();
  box.style.top = `${Math.min(at.bottom + 4, window.innerHeight - box.offsetHeight - 8)}px`;
  box.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - box.offsetWidth - 8))}px`;
  button.setAttribute("aria-expanded", "true");
  items[0].focus();
  setTimeout(() => document.addEventListener("pointerdown", outside));
}
