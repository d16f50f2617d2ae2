// The list of chats at the left: titles in words, search, pin, rename, delete with undo, export.
import { el, icon, iconButton } from "./dom.js";
import { menu } from "./menu.js";
import { asked, attempt, notice } from "./notices.js";
import { addressOf, show, state, turnTo } from "./state.js";
import { get, post } from "./wire.js";

const DAY_MS = 86_400_000;
const PAGES = [
  ["studies", "list", "Studies"],
  ["datasets", "data", "Datasets"],
  ["memory", "memory", "Memory"],
  ["settings", "gear", "Settings"],
  ["help", "help", "Help"],
];

export function chatsPart() {
  const list = el("div", { class: "chat-list" });
  const find = el("input", { type: "search", placeholder: "Search chats", "aria-label": "Search chats", id: "find-chats" });
  const pages = el("ul", { class: "pages" }, PAGES.map(([view, sign, label]) => el("li", {}, el("a", { "data-go": view }, icon(sign), label))));
  const part = el(
    "section",
    { id: "chats-part", "aria-label": "Chats" },
    el("div", { class: "brand line" }, el("h2", { text: "recpilot" }), iconButton("close", "Close the list of chats", fold, { class: "icon phone-only" })),
    el("a", { class: "button new-chat", id: "new", href: "/?chat=new", onclick: begin }, icon("plus"), "New chat"),
    el("div", { class: "find" }, icon("search"), find),
    list,
    el("nav", { "aria-label": "Pages" }, pages),
  );
  const told = new Map(); // by chat: the notice that it is deleted
  let known = [];
  let found = null; // ids and snippets of a search
  let timer;

  function fold() {
    turnTo("chat");
  }

  function begin(event) {
    if (event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    fold();
    show({ chat: "new" }); // the study that is looked at stays
    document.querySelector("#say textarea")?.focus();
  }

  find.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 200);
  });
  find.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    find.value = "";
    search();
  });

  async function search() {
    const words = find.value.trim();
    const answer = words ? await attempt(() => get(`/api/chats?${new URLSearchParams({ find: words })}`)) : null;
    if (words !== find.value.trim()) return; // more was typed since
    found = answer ? answer.chats : null;
    draw();
  }

  function draw() {
    const shown = found ?? known;
    const groups = new Map();
    for (const chat of shown) {
      const group = found ? "Found" : chat.pinned ? "Pinned" : dayOf(chat.at);
      groups.set(group, [...(groups.get(group) ?? []), chat]);
    }
    const focused = document.activeElement?.closest?.(".chat-row");
    const kind = document.activeElement?.tagName;
    list.replaceChildren(
      ...[...groups].map(([group, chats]) => {
        const id = `group-${group.replaceAll(" ", "-")}`;
        return el("div", {}, el("h3", { class: "small soft", id, text: group }), el("ul", { "aria-labelledby": id }, chats.map(row)));
      }),
    );
    if (!shown.length) list.append(el("p", { class: "soft small", text: found ? "Nothing was found." : "No chat yet." }));
    if (focused) (list.querySelector(`[data-id="${CSS.escape(focused.dataset.id)}"] ${kind}`) ?? document.getElementById("new")).focus();
    PAGES.forEach(([view], place) => {
      const link = pages.children[place].firstChild; // kept, since it may have the focus
      link.setAttribute("href", addressOf({ view }));
      state.view.split(/[/?]/)[0].replace(/^dataset$/, "datasets") === view ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
    });
  }

  function row(chat) {
    const isShown = chat.id === state.chat;
    return el(
      "li",
      { class: "chat-row", "data-id": chat.id },
      el(
        "a",
        { href: addressOf({ chat: chat.id, study: null, view: null }), "aria-current": isShown ? "page" : false, title: chat.title, onclick: (event) => open(event, chat) },
        el("span", { class: "title", text: chat.title }),
        chat.snippet ? el("span", { class: "snippet small soft", text: chat.snippet }) : null,
      ),
      chat.is_new ? null : iconButton("more", `More on the chat “${chat.title}”`, (event) => acts(event.currentTarget, chat), { "aria-haspopup": "menu" }),
    );
  }

  function open(event, chat) {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    fold();
    show({ chat: chat.id, study: null, view: "overview" });
  }

  function acts(button, chat) {
    const path = `/api/chats/${chat.id}`;
    menu(button, [
      ["Rename", () => rename(chat)],
      [chat.pinned ? "Unpin" : "Pin", () => attempt(() => post(`${path}/pin`, { pinned: !chat.pinned }))],
      ["Export as Markdown", () => window.location.assign(`${path}/export.md`)],
      ["Export as JSON", () => window.location.assign(`${path}/export.json`)],
      ["Delete", () => remove(chat), "danger"],
    ]);
  }

  async function rename(chat) {
    const title = await asked("What shall this chat be called?", chat.title);
    if (title) await attempt(() => post(`/api/chats/${chat.id}/rename`, { title }));
  }

  async function remove(chat) {
    const path = `/api/chats/${chat.id}`;
    if ((await attempt(() => post(`${path}/delete`))) === undefined) return;
    document.getElementById("new").focus();
    if (chat.id === state.chat) show({ chat: "new" });
    const run = () => attempt(() => post(`${path}/restore`));
    told.set(chat.id, notice(`The chat “${chat.title}” is deleted; its studies stay. The settings list deleted chats.`, { action: { label: "Undo", run } }));
  }

  return {
    part,
    find,
    draw,
    take(chats) {
      const before = new Set(known.map(({ id }) => id));
      for (const { id } of chats) if (!before.has(id)) told.get(id)?.remove(); // it is back
      known = chats;
      draw();
    },
  };
}

function dayOf(at) {
  if (!at) return "Now";
  const day = (date) => Math.floor((date.getTime() - date.getTimezoneOffset() * 60_000) / DAY_MS);
  const ago = day(new Date()) - day(new Date(at));
  if (ago <= 0) return "Today";
  if (ago === 1) return "Yesterday";
  if (ago < 7) return "Last 7 days";
  return new Date(at).toLocaleDateString(undefined, { month: "long", year: "numeric" });
}
