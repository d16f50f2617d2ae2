// The page: its three parts, what binds them, and the keys.
import { chatsPart } from "./chats.js";
import { composerPart } from "./composer.js";
import { conversationPart } from "./conversation.js";
import { el, icon, iconButton } from "./dom.js";
import { mountListening } from "./listening.js";
import { mountLooks } from "./looks.js";
import { attempt, mountNotices, notice } from "./notices.js";
import { mountSettings, tellOf } from "./settings.js";
import { onChange, show, state, turnTo } from "./state.js";
import { statusLine } from "./status.js";
import { studyPart } from "./study.js";
import { markEnded, setTitle } from "./title.js";
import { mountTips } from "./tips.js";
import { Feed, get, post } from "./wire.js";

export function mount(hull) {
  if (document.getElementById("recpilot")?.dataset.part) return; // once
  mountLooks();
  mountNotices();
  mountTips();
  const root = hull.querySelector("#recpilot");
  root.classList.remove("opening");
  root.dataset.part = "chat";
  mountSettings(root);

  const composer = composerPart({ stop: () => talk.act("stop"), lastSaid: () => talk.lastSaid(), sent: () => talk.follow() });
  const talk = conversationPart((text, answers) => composer.speak(text, answers));
  talk.whenEnded(markEnded);
  const study = studyPart({ speak: (text) => composer.speak(text), draft: (text) => composer.draft(text) });
  const chats = chatsPart();
  const status = statusLine();
  const offline = el("p", { class: "notice warn offline", role: "status", hidden: true, text: "The server is away; the page connects again by itself, and what you typed is kept." });
  const title = el("h2", { id: "chat-title", text: "New chat" });
  const talkPart = el(
    "section",
    { id: "chat-part", "aria-label": "Chat" },
    el("div", { class: "chat-head line" }, title, el("span", { class: "tools" }, iconButton("study", "Hide or show the study", toggleStudy, { class: "icon wide-only" }))),
    offline,
    talk.part,
    el("div", { class: "foot" }, status.part, composer.form),
  );
  const phone = el(
    "nav",
    { id: "phone-tabs", "aria-label": "Parts" },
    [["chats", "menu", "Chats"], ["chat", "chat", "Chat"], ["study", "study", "Study"]].map(([part, sign, label]) =>
      el("button", { type: "button", "data-part": part, onclick: () => turnTo(part) }, icon(sign), label),
    ),
  );
  root.replaceChildren(el("h1", { class: "sr", text: "recpilot" }), chats.part, talkPart, study.part, phone);
  study.mounted();
  document.documentElement.lang = "en";
  turnTo(new URLSearchParams(window.location.search).has("view") ? "study" : "chat");
  markPart();
  new MutationObserver(markPart).observe(root, { attributeFilter: ["data-part"] });

  function markPart() {
    for (const button of phone.children) button.setAttribute("aria-pressed", String(button.dataset.part === root.dataset.part));
    if (root.dataset.part === "study") study.refresh();
  }

  function toggleStudy() {
    root.classList.toggle("no-study");
    study.refresh();
  }

  let hasStarted = null;
  let isTold = false; // which study is shown
  async function drawStart() {
    if (!isTold) return;
    const query = new URLSearchParams({ chat: state.chat ?? "", study: state.study ?? "" });
    if (hasStarted === query.toString()) return;
    hasStarted = query.toString();
    const answer = await get(`/api/start?${query}`).catch(() => null);
    if (!answer || hasStarted !== query.toString()) return; // of what was shown before
    talk.start(
      el(
        "div",
        { class: "welcome" },
        el("h3", { text: answer.title }),
        el("p", { class: "soft", text: answer.words }),
        el("div", { class: "suggestions" }, answer.suggestions.map((text) => el("button", { type: "button", text, onclick: () => composer.speak(text) }))),
      ),
    );
  }

  let deleted = null; // the chat that was told to be deleted elsewhere
  function tellDeleted(chat) {
    if (chat && deleted !== chat.id) {
      const run = () => attempt(() => post(`/api/chats/${chat.id}/restore`));
      notice("This chat was deleted; what it began stays.", { action: { label: "Restore", run } });
    }
    deleted = chat?.id ?? null;
  }

  // a stream does not tell why it was refused: a chat of someone else, say
  async function whyAway(query) {
    const chat = query.get("chat");
    if (!chat || chat === "new") return get("/api/alive");
    return get(`/api/chats/${encodeURIComponent(chat)}/earlier?before=`).catch((error) => {
      if (error.status !== 403) return;
      notice(error.message, { bad: true });
      show({ chat: "new", study: null, view: "overview" }, { replace: true });
    });
  }

  const feed = new Feed(
    {
      hello(hello) {
        if (hello.unknown) notice(`There is no study “${hello.unknown}” here.`, { bad: true });
        composer.ready(hello);
        if (hello.chat !== state.chat) show({ chat: hello.chat }, { replace: true });
        composer.turn(hello.chat);
        feed.query.set("chat", hello.chat); // for when the stream has to be opened again
      },
      entries: (found) => talk.take(found),
      answering({ is }) {
        talk.answering(is);
        composer.answering(is);
      },
      chats(found) {
        chats.take(found);
        const own = found.find((one) => one.id === state.chat);
        title.textContent = own?.title ?? "New chat";
        tellDeleted(own?.is_deleted ? own : null);
        setTitle(own && !own.is_new ? own.title : "");
      },
      studies: (names) => study.takeNames(names),
      home: (found) => study.takeHome(found),
      study(line) {
        if (line.name) feed.query.set("study", line.name); // what is told needs no other stream
        if (line.name !== state.study) show({ study: line.name }, { replace: true });
        study.take(line);
        status.take(line);
        tellOf(line);
        composer.about(line.name ? line.title : "");
        isTold = true;
        drawStart();
      },
      turn({ study: name }) {
        feed.query.set("study", name);
        show({ study: name }, { replace: true });
      },
    },
    (isThere) => (offline.hidden = isThere),
    whyAway,
  );

  onChange((now, before) => {
    if (now.chat !== before.chat && before.chat) composer.keep(before.chat);
    const isOther = now.chat !== feed.query?.get("chat");
    if (isOther || (now.study && now.study !== feed.query?.get("study"))) feed.open(now.chat, now.study);
    chats.draw();
    study.refresh();
    drawStart();
  });

  talkPart.addEventListener("dragover", (event) => (event.preventDefault(), talkPart.classList.add("dropping")));
  talkPart.addEventListener("dragleave", () => talkPart.classList.remove("dropping"));
  talkPart.addEventListener("drop", (event) => {
    event.preventDefault();
    talkPart.classList.remove("dropping");
    if (event.dataTransfer.files.length) composer.add([...event.dataTransfer.files]);
  });

  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      turnTo("chats");
      chats.find.focus();
    } else if ((event.ctrlKey || event.metaKey) && event.shiftKey && event.key.toLowerCase() === "o") {
      event.preventDefault();
      document.getElementById("new").click();
    } else if (event.key === "Escape" && !isTyping && root.classList.contains("wide") && !document.querySelector("dialog[open], .menu")) {
      study.widen();
    } else if (!isTyping && event.key === "?") {
      study.go("help");
    } else if (!isTyping && event.key === "/") {
      event.preventDefault();
      composer.area.focus();
    }
  });

  mountListening(feed);
  feed.open(state.chat, state.study);
  chats.draw();
  composer.area.focus();
  window.recpilot = { notice };
}
