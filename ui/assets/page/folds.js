// How entries stand in the conversation: days apart, several steps under one line, a long run of trials under another.
import { el } from "./dom.js";

const MOST_TRIALS = 6; // that stand open one below the other
const WITH_TRIALS = ["trial", "lesson", "note", "approval"];

// `shown`: {data, node, instead} in their order; `folds` keeps the folds by the first key that they hold
export function layOut(flow, before, shown, folds) {
  const focused = document.activeElement;
  const used = new Set();
  let day = dayOf(new Date().toISOString());
  const nodes = [...before];
  for (const run of runsOf(shown)) {
    const at = dayOf(run[0].data.at);
    if (at && at !== day && (nodes.length > before.length || at !== dayOf(new Date().toISOString()))) nodes.push(separator(at, folds, used));
    day = at || day;
    nodes.push(...(run.length > 1 && isFolded(run) ? folded(run, folds, used) : run.map((one) => one.instead ?? one.node)));
  }
  put(flow, nodes);
  for (const key of folds.keys()) if (!used.has(key)) folds.delete(key);
  if (focused !== document.activeElement && flow.contains(focused)) focused.focus({ preventScroll: true });
}

function runsOf(shown) {
  const runs = [];
  for (const one of shown) {
    const last = runs.at(-1)?.at(-1);
    if (last && goesWith(last.data, one.data)) runs.at(-1).push(one);
    else runs.push([one]);
  }
  return runs;
}

function goesWith(a, b) {
  if (a.turn !== b.turn) return false;
  if (a.kind === "step" && b.kind === "step") return true;
  return [a, b].every((one) => WITH_TRIALS.includes(one.kind) && !one.waiting) && a.study === b.study;
}

const isDone = ({ data }) => data.kind === "trial" && !data.pending;
const isFolded = (run) => run[0].data.kind === "step" || run.filter(isDone).length > MOST_TRIALS;

function folded(run, folds, used) {
  const end = run[0].data.kind === "step" ? run.length : run.findLastIndex(isDone) + 1;
  const [inside, rest] = [run.slice(0, end), run.slice(end)];
  const key = inside[0].data.key;
  const fold = folds.get(key) ?? el("details", { class: "fold" }, el("summary"), el("div", { class: "folded" }));
  folds.set(key, fold);
  used.add(key);
  const words = run[0].data.kind === "step" ? ofSteps(inside) : ofTrials(inside);
  if (fold.firstChild.textContent !== words.join("")) fold.firstChild.replaceChildren(el("b", { text: words[0] }), el("span", { class: "soft", text: words[1] }));
  put(fold.lastChild, inside.map((one) => one.instead ?? one.node));
  return [fold, ...rest.map((one) => one.instead ?? one.node)];
}

function ofSteps(steps) {
  const titles = steps.map(({ data }) => data.title);
  return [`${steps.length} steps`, `: ${[...new Set(titles)].join(", ")}`];
}

function ofTrials(run) {
  const cards = run.filter(isDone).map(({ data }) => data.card);
  const count = (state) => cards.filter((card) => card.state === state).length;
  const best = cards.findLast((card) => card.best);
  const lessons = run.filter(({ data }) => data.kind === "lesson").length;
  const told = [
    ...["pruned", "failed", "interrupted"].filter(count).map((state) => `${count(state)} ${state}`),
    lessons ? `${lessons} ${lessons === 1 ? "lesson" : "lessons"}` : "",
    best ? `best is trial ${best.number} with ${best.objective} ${best.value}` : "none is the best so far",
  ].filter(Boolean);
  return [`Trials ${cards[0].number} to ${cards.at(-1).number}`, `: ${told.join(", ")}`];
}

function dayOf(at) {
  return at ? new Date(at).toLocaleDateString(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" }) : "";
}

function separator(day, folds, used) {
  const key = `day ${day}`;
  const line = folds.get(key) ?? el("div", { class: "day small soft" }, el("span", { text: day === dayOf(new Date().toISOString()) ? "Today" : day }));
  folds.set(key, line);
  used.add(key);
  return line;
}

// moves only what does not stand where it should
function put(parent, nodes) {
  const wanted = new Set(nodes);
  let at = parent.firstChild;
  for (const node of nodes) {
    while (at && !wanted.has(at)) {
      const next = at.nextSibling;
      at.remove();
      at = next;
    }
    if (node === at) at = at.nextSibling;
    else parent.insertBefore(node, at);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}
