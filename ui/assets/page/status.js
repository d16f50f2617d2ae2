// The line that follows the study at the foot of the chat while it goes on, or waits.
import { el, keepingFocus } from "./dom.js";
import { attempt } from "./notices.js";
import { addressOf } from "./state.js";
import { post } from "./wire.js";

const FOLLOWED = ["queued", "running", "waiting", "paused"];

export function statusLine() {
  const part = el("div", { class: "status", id: "status", hidden: true });

  function take(line) {
    const others = (line.others ?? []).map(other);
    const isFollowed = line.name && FOLLOWED.includes(line.state);
    part.hidden = !isFollowed && !others.length;
    if (!isFollowed) {
      keepingFocus(part, () => part.replaceChildren(...others), { isSame: false });
      return;
    }
    const path = `/api/studies/${encodeURIComponent(line.name)}`;
    const bar = el("i");
    bar.style.width = `${Math.round(100 * (line.share ?? 0))}%`;
    const draw = () => part.replaceChildren(
      ...others,
      el(
        "div",
        { class: "line" },
        el("a", { href: addressOf({ view: "overview" }), "data-go": "overview", class: "name", text: line.title }),
        el("span", { class: "small", text: line.words }),
        line.waits
          ? el(
              "span",
              { class: "tools" },
              el("span", { class: "small", text: `Trial ${line.waits.trial} waits:` }),
              el("button", { type: "button", class: "primary", text: "Run it", onclick: () => attempt(() => post(`${path}/approve`, line.waits)) }),
              el("button", { type: "button", text: "Reject it", onclick: () => attempt(() => post(`${path}/reject`, line.waits)) }),
            )
          : null,
      ),
      el("div", { class: "bar" }, bar),
    );
    keepingFocus(part, draw, { isSame: false }); // the next trial that waits is another one
  }

  // a study of this chat that is not shown
  function other({ name, title, words }) {
    const address = addressOf({ study: name, view: "overview" });
    return el("div", { class: "line" }, el("a", { href: address, "data-go": "overview", class: "name", text: title }), el("span", { class: "small", text: words }));
  }

  return { part, take };
}
