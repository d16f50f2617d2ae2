// A trial in the conversation: one line that follows it while it trains, and behind it why, with what, and what came out.
import { el, fill } from "./dom.js";
import { addressOf } from "./state.js";

export function trialCard(data, old) {
  const node = old ?? el("details", {}, el("summary"), el("div", { class: "inner" }));
  const [summary, inner] = node.children;
  node.className = ["trial", data.card.state].filter(Boolean).join(" ");
  summary.replaceChildren(...line(data.card));
  const kept = JSON.stringify([data.html, { ...data.card, epoch: 0, value: data.pending ? "" : data.card.value }]);
  if (node.dataset.kept !== kept) {
    inner.replaceChildren(...inside(data));
    node.dataset.kept = kept;
  }
  return node;
}

// several were the best when they ended; `isStill`: none that came later was better
export function markBest(node, isStill) {
  node.classList.toggle("best", isStill);
  const words = isStill ? "best so far" : "best then";
  const tag = node.querySelector("summary .tag");
  if (tag.textContent !== words) tag.textContent = words;
}

// in words, for those who listen
export function trialWords({ number, state: ended, value, best }) {
  const words = ended === "complete" ? "finished" : ended;
  return [`Trial ${number} ${words}`, value, best && "best so far"].filter(Boolean).join(", ");
}

function line(card) {
  const value = card.value ? `${card.objective} ${card.value}` : "";
  const parts = [el("span", { class: "number", text: `Trial ${card.number}` }), el("span", { class: "model", text: card.model })];
  if (card.state === "proposed") parts.push(el("span", { class: "soft", text: `proposed by ${card.who}` }));
  if (card.state === "training") parts.push(...training(card));
  else if (card.state !== "proposed" && card.state !== "complete") parts.push(el("span", { class: "state", text: card.state }));
  if (value && card.state !== "training") parts.push(el("span", { class: "value", text: value }));
  if (card.best) parts.push(el("span", { class: "tag", text: "best so far" }));
  return [el("span", { class: "dot", "aria-hidden": "true" }), ...parts.flatMap((part, place) => (place ? [el("span", { class: "apart", text: " · " }), part] : [part]))];
}

function training(card) {
  if (!card.epoch) return [el("span", { class: "soft", text: "training …" })];
  const bar = el("i");
  bar.style.width = `${Math.round((100 * card.epoch) / Math.max(card.epochs, 1))}%`;
  return [
    el("span", { class: "epoch" }, `epoch ${card.epoch} of ${card.epochs}`, el("span", { class: "bar", "aria-hidden": "true" }, bar)),
    card.value ? el("span", { class: "value", text: card.value }) : null,
  ].filter(Boolean);
}

function inside(data) {
  const { card, study } = data;
  const facts = [
    ["Expected", card.expected],
    ["Measured", data.pending ? "" : [card.objective, card.value].filter(Boolean).join(" ")],
    ["Why it ended", card.reason],
    ["Time", card.cost],
    ["Rests on", card.evidence.length ? card.evidence.flatMap((one, place) => [place ? ", " : "", one.go ? link(one.text, study, one.go) : one.text]) : ""],
  ].filter(([, value]) => value.length);
  return [
    data.html ? fill(el("div", { class: "markdown why" }), data.html) : null,
    card.params.length ? params(card) : el("p", { class: "soft small", text: `${card.model} has no params.` }),
    facts.length ? el("dl", { class: "facts" }, facts.flatMap(([term, value]) => [el("dt", { text: term }), el("dd", {}, value)])) : null,
    el("p", { class: "small" }, link(`Open trial ${card.number}`, study, `trial/${card.number}`)),
  ].filter(Boolean);
}

// what is asked about: the model, and what is not at its default
export function proposed(card) {
  const changed = card.params.filter(([, , before]) => before);
  const n = card.params.length - changed.length;
  const rest = changed.length ? (n ? `${n} more at ${n > 1 ? "their defaults" : "its default"}` : "") : card.params.length ? "all params at their defaults" : "no params";
  return el(
    "div",
    { class: "proposed" },
    el("p", {}, el("strong", { text: card.model }), rest ? el("span", { class: "soft", text: ` · ${rest}` }) : null),
    changed.length ? params({ ...card, params: changed }) : null,
    card.expected ? el("p", { class: "small soft", text: `Expected: ${card.expected}` }) : null,
  );
}

function params(card) {
  return el(
    "table",
    { class: "quiet-table params" },
    el("caption", { class: "sr", text: `Params of trial ${card.number}` }),
    el("thead", {}, el("tr", {}, el("th", { scope: "col", text: "Param" }), el("th", { scope: "col", class: "num", text: "Value" }), el("th", { scope: "col", class: "num", text: "Default" }))),
    el(
      "tbody",
      {},
      card.params.map(([name, value, before]) =>
        el("tr", { class: before ? "changed" : false }, el("th", { scope: "row", text: name }), el("td", { class: "num", text: value }), el("td", { class: "num soft", text: before || "the same" })),
      ),
    ),
  );
}

// a view of the entry's own study, not of the one that is shown
function link(text, study, view) {
  return el("a", { href: addressOf({ study, view }), "data-go": view, text });
}
