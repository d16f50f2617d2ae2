// Short words that come and go, questions before what cannot be undone, and what a screen reader is told.
import { el, iconButton } from "./dom.js";

const SHOWN_MS = 7000;
const TO_ACT_MS = 12_000; // where something can be taken back
let over, live;

export function mountNotices() {
  live = el("div", { class: "sr", role: "status", "aria-live": "polite" });
  over = el("div", { class: "recpilot-over notices", role: "region", "aria-label": "Notices" });
  document.body.append(live, over);
}

export function say(words) {
  live.textContent = "";
  setTimeout(() => (live.textContent = words), 50);
}

// `action`: {label, run}, such as undo
export function notice(words, { bad = false, action = null } = {}) {
  const act = () => {
    box.remove();
    if (document.activeElement === document.body) document.querySelector("#say textarea")?.focus();
    action.run();
  };
  const box = el(
    "div",
    { class: `notice-box ${bad ? "bad" : ""}`, role: bad ? "alert" : "status" },
    el("span", { text: words }),
    action && el("button", { type: "button", text: action.label, onclick: act }),
    iconButton("close", "Close this notice", () => box.remove()),
  );
  over.append(box);
  while (over.children.length > 3) over.firstChild.remove();
  const end = () => box.matches(":hover, :focus-within") ? setTimeout(end, 2000) : box.remove();
  setTimeout(end, action ? TO_ACT_MS : bad ? SHOWN_MS * 2 : SHOWN_MS);
  return box;
}

export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    notice(error.message, { bad: true });
    return undefined;
  }
}

export function confirmed(question, label = "Yes") {
  return new Promise((resolve) => {
    const close = (answer) => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    const dialog = el(
      "dialog",
      { class: "recpilot-over dialog", "aria-label": question, oncancel: () => close(false) },
      el("p", { text: question }),
      el(
        "div",
        { class: "tools" },
        el("button", { type: "button", text: "Cancel", onclick: () => close(false) }),
        el("button", { type: "button", class: "primary", text: label, onclick: () => close(true) }),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}

export function asked(question, value, label = "Save") {
  return new Promise((resolve) => {
    const close = (answer) => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    const input = el("input", { type: "text", name: "value", maxlength: 80, value, "aria-label": question });
    const dialog = el(
      "dialog",
      { class: "recpilot-over dialog", "aria-label": question, oncancel: () => close(null) },
      el(
        "form",
        { onsubmit: (event) => (event.preventDefault(), close(input.value.trim() || null)) },
        el("p", { text: question }),
        input,
        el(
          "div",
          { class: "tools" },
          el("button", { type: "button", text: "Cancel", onclick: () => close(null) }),
          el("button", { class: "primary", text: label }),
        ),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
    input.select();
  });
}
