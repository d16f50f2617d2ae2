// A tip over a point of a plot: with the pointer, the keyboard or a touch.
import { el } from "./dom.js";

export function mountTips() {
  const tip = el("div", { class: "recpilot-over tip", role: "tooltip", hidden: true });
  document.body.append(tip);

  function showAt(event) {
    const point = event.target.closest?.("[data-tip]");
    if (!point) return hide();
    tip.replaceChildren(...point.getAttribute("data-tip").split("\n").map((line) => el("div", { text: line })));
    tip.hidden = false;
    const at = point.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(at.left + at.width / 2 - tip.offsetWidth / 2, window.innerWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${at.top - tip.offsetHeight - 8 < 0 ? at.bottom + 8 : at.top - tip.offsetHeight - 8}px`;
  }

  function hide() {
    tip.hidden = true;
  }

  // the first touch of a point shows its tip, the second follows it
  let touched = null;
  document.addEventListener("click", (event) => {
    const point = event.target.closest?.("a.point");
    if (event.pointerType !== "touch" || !point || point === touched) return;
    touched = point;
    event.preventDefault();
    event.stopPropagation();
    showAt(event);
  }, true);
  document.addEventListener("pointerover", showAt);
  document.addEventListener("focusin", showAt);
  document.addEventListener("focusout", hide);
  document.addEventListener("scroll", hide, true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    const point = event.target.closest?.("a.point");
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    if (!point || !(event.key in steps)) return;
    event.preventDefault(); // the points of a plot are one stop of the Tab key
    const points = [...point.closest("svg").querySelectorAll("a.point")];
    points[(points.indexOf(point) + steps[event.key] + points.length) % points.length].focus();
  });
}
