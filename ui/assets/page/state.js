// What this tab shows, as its address says: ?chat=…&study=…&view=…; other tabs have an address of their own.

const listeners = new Set();
export const state = { chat: null, study: null, view: "overview" };

function read() {
  const query = new URLSearchParams(window.location.search);
  state.chat = query.get("chat");
  state.study = query.get("study");
  state.view = query.get("view") || "overview";
}

export function addressOf(part = {}) {
  const query = new URLSearchParams();
  const shown = { ...state, ...part };
  if (shown.chat) query.set("chat", shown.chat);
  if (shown.study) query.set("study", shown.study);
  if (shown.view && shown.view !== "overview") query.set("view", shown.view);
  const text = query.toString().replaceAll("%2F", "/").replaceAll("%2C", ",");
  return text ? `/?${text}` : "/";
}

// `replace`: without a step that Back would return to; `turns`: to the part of the page that a phone shows then
export function show(part, { replace = false, turns = null } = {}) {
  const before = { ...state };
  const address = addressOf(part);
  const isTurned = turns !== null && turns !== partShown();
  if (isTurned) root().dataset.part = turns;
  Object.assign(state, part);
  if (isTurned || address !== window.location.pathname + window.location.search) {
    window.history[replace ? "replaceState" : "pushState"]({ part: partShown() }, "", address);
  }
  if (Object.keys(part).some((key) => part[key] !== before[key])) tell(before);
}

function tell(before) {
  for (const listener of listeners) listener(state, before);
}

export function onChange(listener) {
  listeners.add(listener);
}

// on a phone one part of the page is seen at a time; Back returns to the one that was seen
export function turnTo(part) {
  root().dataset.part = part;
  window.history.replaceState({ part }, "", window.location.href);
}

const root = () => document.getElementById("recpilot");
const partShown = () => root()?.dataset.part ?? "chat";

window.addEventListener("popstate", (event) => {
  const before = { ...state };
  read();
  if (event.state?.part) root().dataset.part = event.state.part;
  tell(before);
});
read();
