// What a yes would do: each step with its values, where they come from, and its cost; one answer settles it.
import { el, fill } from "./dom.js";

export function planCard(data, { speak }) {
  const { plan } = data;
  return el(
    "div",
    { role: "group", class: "ask-card plan", "aria-label": plan.words.plan.replace("{}", plan.steps.map((step) => step.says).join(", ")) },
    plan.warning ? fill(el("p", { class: "notice warn" }), plan.warning) : null,
    plan.steps.flatMap((one) => step(one, plan.words)),
    plan.settled ? settled(plan) : [fill(el("p", { class: "small soft" }), plan.question), choices(data, speak)],
  );
}

export function settled({ settled: words, state }) {
  return el("p", { class: `settled ${state}`, text: words });
}

function choices({ key, plan }, speak) {
  return el(
    "div",
    { class: "tools" },
    el("button", { type: "button", class: "primary", text: plan.yes, onclick: () => speak(plan.yes, key) }),
    plan.order ? el("button", { type: "button", text: plan.words.edit, "data-draft": plan.order, title: plan.words.edits }) : null,
    el("button", { type: "button", class: "plain", text: plan.no, onclick: () => speak(plan.no, key) }),
  );
}

function step({ says, values, defaults, notes, cost }, words) {
  const n = defaults.length;
  return [
    el("h3", { text: says }),
    values.length ? table(says, values, words) : null,
    n ? el("details", {}, el("summary", { text: n === 1 ? words.one_more : words.more.replace("{}", n) }), table(words.defaults.replace("{}", says), defaults, words)) : null,
    ...notes.map((note) => fill(el("p", { class: "small" }), note)),
    cost ? fill(el("p", { class: "cost" }), cost) : null,
  ].filter(Boolean);
}

function table(caption, values, words) {
  const row = ([name, value, source]) => el("tr", {}, fill(el("th", { scope: "row" }), name), fill(el("td", { class: "value" }), value), source ? fill(el("td", { class: "soft" }), source) : el("td", { class: "soft", text: words.default }));
  return el(
    "table",
    { class: "quiet-table" },
    el("caption", { class: "sr", text: caption }),
    el("thead", { class: "sr" }, el("tr", {}, words.columns.map((text) => el("th", { scope: "col", text })))),
    el("tbody", {}, values.map(row)),
  );
}
