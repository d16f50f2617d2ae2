// What a person sets for this browser alone: theme, density, and whether they are told that a study ended.
import { setTheme, themeOf } from "./looks.js";
import { notice } from "./notices.js";

const DENSITY = "recpilot density";
const NOTIFIED = "recpilot notifications";
const TOLD = { finished: "has finished", failed: "has failed", stopped: "has stopped", waiting: "waits for your approval" };
const known = new Map(); // how each study stood when it was looked at last

const isCompact = () => localStorage.getItem(DENSITY) === "compact";
const isNotified = () => localStorage.getItem(NOTIFIED) === "on" && window.Notification?.permission === "granted";

export function mountSettings(root) {
  const apply = () => root.classList.toggle("compact", isCompact());
  const values = { theme: themeOf, density: () => (isCompact() ? "compact" : "comfortable"), notifications: isNotified };
  apply();
  root.addEventListener("drawn", () => {
    for (const control of root.querySelectorAll("[data-setting]")) {
      const value = values[control.dataset.setting]();
      if (control.type === "checkbox") control.checked = value;
      else control.value = value;
    }
  });
  root.addEventListener("change", ({ target }) => {
    if (target.dataset.setting === "theme") setTheme(target.value);
    else if (target.dataset.setting === "density") {
      localStorage.setItem(DENSITY, target.value);
      apply();
    } else if (target.dataset.setting === "notifications") notify(target);
  });
}

async function notify(box) {
  const isAllowed = box.checked && (await window.Notification?.requestPermission()) === "granted";
  if (box.checked && !isAllowed) notice("This browser allows no notifications from here; its settings for this page can change that.", { bad: true });
  box.checked = isAllowed;
  localStorage.setItem(NOTIFIED, isAllowed ? "on" : "off");
}

// the study that the tab follows; nobody is told of what they see
export function tellOf({ name, title, state }) {
  const before = known.get(name);
  known.set(name, state);
  if (!name || !before || before === state || !TOLD[state] || document.hasFocus() || !isNotified()) return;
  new Notification("recpilot", { body: `${title} ${TOLD[state]}.`, tag: `recpilot ${name}` });
}
