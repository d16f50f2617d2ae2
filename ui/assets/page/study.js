// The study at the right: its name and switch, what can be done with it, and its views as the server draws them.
import { el, fill, iconButton, keepingFocus } from "./dom.js";
import { attempt, confirmed, notice } from "./notices.js";
import { addressOf, show, state, turnTo } from "./state.js";
import { enhanceTables } from "./tables.js";
import { get, post } from "./wire.js";

const TABS = [
  ["overview", "Overview"],
  ["plot/history", "Plots"],
  ["trials", "Trials"],
  ["compare", "Compare"],
  ["memory", "Memory"],
];
const FOCUSABLE = "a, button, input, select, textarea, summary";
const OF_NO_STUDY = ["studies", "datasets", "dataset", "settings", "help"];
const STEPS = { pause: "Pause", resume: "Resume", stop: "Stop" };
const WIDE = "recpilot study in the whole page";
const CHANGED = 412; // another person changed meanwhile what is sent
const AWAY_MS = 3000; // until a server that was away is asked again
const LEAST_MS = 1500; // between two drawings of a study that goes on

export function studyPart({ speak, draft }) {
  const choice = el("select", { id: "studies", "aria-label": "Study shown", onchange: () => turn(choice.value) });
  const pill = el("span", { class: "pill", id: "state" });
  const whose = el("span", { class: "small soft" });
  const steps = el("div", { class: "tools", id: "steps" });
  const tabs = el("nav", { class: "tabs", "aria-label": "Views of the study" }, TABS.map(([view, label]) => el("a", { "data-go": view, text: label })));
  const body = el("div", { class: "view", id: "view", tabindex: -1 }, el("p", { class: "soft", text: "Looking …" }));
  const widen = iconButton("widen", "Show the study in the whole page", () => toggle(), { "aria-pressed": "false", class: "icon wide-only" });
  const back = el("a", { "data-go": "overview", class: "back", hidden: true });
  const head = el("div", { class: "study-head" }, el("div", { class: "line" }, el("span", { class: "tools" }, back, choice, pill, whose), el("span", { class: "tools" }, steps, widen)), tabs);
  const part = el(
    "section",
    { id: "study-part", "aria-label": "The study that is shown" },
    el("h2", { class: "sr", text: "Study" }),
    head,
    body,
  );
  let line = { name: null };
  let isTold = false; // which study is shown
  let isLed = false; // a link from elsewhere led to the view that is on its way
  let names = [];
  let home = ""; // changes with what people do to studies, datasets and notes
  let drawn = ""; // what the view shows, to know when it is old
  let asked = null; // the view that is on its way
  let drawnAt = 0;
  let timer;
  const drafts = new Map(); // what is typed into the fields of views, and not sent yet

  function toggle() {
    const isWide = document.getElementById("recpilot").classList.toggle("wide");
    localStorage.setItem(WIDE, isWide ? "yes" : "");
    widen.setAttribute("aria-pressed", String(isWide));
    drawn = "";
    refresh();
  }

  // what was chosen in a view of one study is nothing of another's
  function turn(name) {
    const at = state.view.split("?")[0];
    show({ study: name, view: at.startsWith("trial/") ? "trials" : at });
  }

  function takeNames(found) {
    names = found;
    drawChoice();
  }

  function takeHome(found) {
    home = found;
    refresh();
  }

  function drawChoice() {
    const all = names.includes(line.name) || !line.name ? names : [line.name, ...names];
    const none = line.name ? [] : [el("option", { value: "", text: "Choose a study", selected: true, disabled: true })];
    choice.replaceChildren(...none, ...all.map((name) => el("option", { value: name, text: name === line.name ? line.title || name : name, selected: name === line.name })));
    choice.hidden = !all.length;
  }

  function take(found) {
    line = found;
    isTold = true;
    drawChoice();
    pill.hidden = !line.name;
    pill.className = `pill ${line.state ?? ""}`;
    pill.textContent = line.state ?? "";
    whose.textContent = line.by ? `begun by ${line.by}` : "";
    keepingFocus(steps, () => steps.replaceChildren(...(line.steps ?? []).map((step) => el("button", { type: "button", id: step, text: STEPS[step], onclick: () => steer(step) }))));
    refresh();
  }

  async function steer(step) {
    if (step === "stop" && !(await confirmed(`Stop the study ${line.title}? It can be resumed later.`, "Stop it"))) return;
    await attempt(() => post(`/api/studies/${encodeURIComponent(line.name)}/${step}`));
  }

  const isOfStudy = () => !OF_NO_STUDY.includes(state.view.split(/[/?]/)[0]);

  function key() {
    const at = state.view;
    const live = at.startsWith("plot/curves") ? line.curves : at === "overview" ? `${line.results}/${line.words}` : line.results;
    const isOfHome = !isOfStudy() || at.startsWith("memory");
    const shown = [isOfStudy() || at === "studies" ? live : "", isOfHome ? home : ""].join("/");
    return [at, `${line.name ?? ""}/${shown}`].join(" ");
  }

  function refresh({ force = false } = {}) {
    drawTabs();
    if (!isTold && isOfStudy()) return;
    if (!force && key() === drawn) {
      clearTimeout(timer);
      asked?.abort(); // of a view that is not wanted any more
      return;
    }
    clearTimeout(timer);
    const isSame = drawn.split(" ")[0] === state.view;
    timer = setTimeout(draw, isSame && !force ? Math.max(0, drawnAt + LEAST_MS - Date.now()) : 0);
  }

  // pages that are of no study stand below no study's name
  function drawTabs() {
    const at = state.view.split(/[/?]/)[0];
    head.classList.toggle("of-none", !isOfStudy());
    back.hidden = isOfStudy() || !line.name;
    back.textContent = line.name ? `← ${line.title}` : "";
    back.setAttribute("href", addressOf({ view: "overview" }));
    TABS.forEach(([view], place) => {
      const isShown = at === view.split("/")[0] || (at === "trial" && view === "trials");
      const tab = tabs.children[place]; // kept, since it may have the focus
      tab.setAttribute("href", addressOf({ view }));
      isShown ? tab.setAttribute("aria-current", "page") : tab.removeAttribute("aria-current");
    });
  }

  async function draw() {
    const wanted = key();
    const [at, more] = state.view.split("?");
    const query = new URLSearchParams(more);
    const place = `${at} ${line.name ?? ""}`;
    body.inert = body.dataset.place !== place; // until it is drawn, nothing in it belongs to what is named above it
    query.set("at", at);
    if (line.name) query.set("study", line.name);
    if (state.chat) query.set("chat", state.chat);
    query.set("width", Math.round(body.clientWidth - 32) || 340);
    asked?.abort();
    asked = new AbortController();
    const mine = asked;
    let html;
    try {
      html = await get(`/api/view?${query}`, { signal: mine.signal });
    } catch (error) {
      if (mine.signal.aborted) return;
      body.inert = false;
      if (!error.status && body.dataset.shown) {
        drawn = ""; // what stands there stays, and is drawn again when the server is back
        timer = setTimeout(draw, AWAY_MS);
        return;
      }
      body.dataset.place = place;
      body.replaceChildren(el("h3", { text: "This cannot be shown" }), el("p", { class: "notice bad", text: error.message }));
      body.dataset.shown = state.view;
      drawn = wanted;
      return;
    }
    if (mine.signal.aborted) return;
    const isSame = body.dataset.place === place;
    const isTurned = Boolean(drawn) && drawn.split(/[ ?]/)[0] !== at;
    keeping(() => fill(body, html), isSame);
    body.inert = false;
    body.dataset.place = place;
    body.dataset.shown = state.view;
    enhanceTables(body);
    if (isLed || (isTurned && document.activeElement === document.body)) lead(); // Back, say, left the focus nowhere
    body.dispatchEvent(new CustomEvent("drawn", { bubbles: true }));
    drawn = wanted;
    drawnAt = Date.now();
    if (key() !== drawn) refresh();
  }

  // who went to a view from elsewhere goes on there, also by ear
  function lead() {
    isLed = false;
    const heading = body.querySelector("h3");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
  }

  // draws without losing the place, the focus, what is typed or what is folded open
  function keeping(work, isSame) {
    if (!isSame) {
      work();
      fillIn();
      body.scrollTop = 0;
      return;
    }
    const top = body.scrollTop;
    const keyOf = (one, place) => one.dataset.key ?? place;
    const open = new Map([...body.querySelectorAll("details")].map((one, place) => [keyOf(one, place), one.open]));
    const active = body.contains(document.activeElement) ? document.activeElement : null;
    const focused = active ? [...body.querySelectorAll(FOCUSABLE)].indexOf(active) : -1;
    const caret = active?.matches("input[type=text], input[type=search], textarea") ? [active.selectionStart, active.selectionEnd] : null;
    work();
    body.querySelectorAll("details").forEach((one, place) => (one.open = open.get(keyOf(one, place)) ?? one.open));
    fillIn();
    body.scrollTop = top;
    if (focused < 0) return;
    const now = body.querySelectorAll(FOCUSABLE)[focused];
    now?.focus({ preventScroll: true });
    if (caret && now?.setSelectionRange) now.setSelectionRange(...caret);
  }

  // what a person types into, and which field that is when its view is drawn again
  const fields = () => [...body.querySelectorAll("form[data-post] :is(input[type=text], input[name=seen], textarea)")];
  const fieldOf = (one) => `${one.form.dataset.post} ${one.name}`;

  function fillIn() {
    for (const one of fields()) one.value = drafts.get(fieldOf(one)) ?? one.value;
  }

  body.addEventListener("input", (event) => {
    const one = event.target;
    if (!fields().includes(one)) return;
    one.value === one.defaultValue ? drafts.delete(fieldOf(one)) : drafts.set(fieldOf(one), one.value);
    const seen = one.form.querySelector("input[name=seen]"); // what is typed was written over this version
    if (seen && !drafts.has(fieldOf(seen))) drafts.set(fieldOf(seen), seen.value);
  });

  function go(view, study = null) {
    show(study ? { view, study } : { view }, { turns: "study" });
    refresh();
    if (isLed && key() === drawn) lead();
  }

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-go]");
    if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault();
      const address = new URL(link.getAttribute("href") ?? "", window.location.href);
      isLed = !link.closest(".tabs");
      if (link.dataset.go) go(link.dataset.go, address.searchParams.get("study"));
      return;
    }
    const button = event.target.closest("[data-say], [data-draft], [data-post]");
    if (!button || button.tagName === "FORM") return;
    event.preventDefault();
    if (button.dataset.confirm && !(await confirmed(button.dataset.confirm, button.textContent.trim()))) return;
    if ((button.dataset.say || button.dataset.draft !== undefined) && document.getElementById("recpilot").classList.contains("wide")) toggle(); // where the chat is seen
    if (button.dataset.say) {
      turnTo("chat");
      speak(button.dataset.say);
    } else if (button.dataset.draft !== undefined) {
      turnTo("chat");
      draft(button.dataset.draft);
    } else {
      if (button.ariaBusy === "true") return;
      button.ariaBusy = "true"; // not disabled, which would lose the focus
      const answer = await attempt(() => post(button.dataset.post, JSON.parse(button.dataset.body ?? "{}")));
      button.ariaBusy = null;
      if (answer?.said) notice(answer.said);
      refresh({ force: true });
    }
  });

  body.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-options]");
    if (!form) return;
    const [at, more] = state.view.split("?");
    const options = new URLSearchParams(more);
    for (const box of form.querySelectorAll("input[type=checkbox]")) options.set(box.name, "");
    for (const [name, value] of new FormData(form)) options.set(name, value);
    show({ view: `${at}?${options}` }, { replace: true });
  });

  body.addEventListener("submit", async (event) => {
    const form = event.target.closest("form");
    if (!form || form.method === "post" && !form.dataset.post) return;
    event.preventDefault();
    if (!form.dataset.post) return;
    let answer;
    try {
      answer = await post(form.dataset.post, Object.fromEntries(new FormData(form)));
    } catch (error) {
      notice(error.message, { bad: true });
      if (error.status !== CHANGED) return;
      drafts.delete(`${form.dataset.post} seen`); // what was typed stays, next to what stands there now
      refresh({ force: true });
      return;
    }
    for (const one of fields()) if (one.form === form) drafts.delete(fieldOf(one));
    const again = async () => {
      const done = await attempt(() => post(form.dataset.post, answer.back.body));
      if (done?.said) notice(done.said);
      refresh({ force: true });
    };
    if (answer.said) notice(answer.said, answer.back ? { action: { label: answer.back.label, run: again } } : {});
    refresh({ force: true });
  });

  new ResizeObserver(() => {
    const isOther = Math.abs((draw.width ?? 0) - body.clientWidth) > 24;
    if (!isOther) return;
    draw.width = body.clientWidth;
    if (drawn && body.querySelector("figure.plot")) refresh({ force: true });
  }).observe(body);

  // as it was left
  function mounted() {
    if (localStorage.getItem(WIDE)) toggle();
  }

  return { part, mounted, widen: toggle, take, takeHome, takeNames, refresh, go, title: () => (line.name ? line.title : "") };
}
