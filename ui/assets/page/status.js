// The line that follows the study at the foot of the chat while it goes on, or waits.
import { el, keepingFocus } from "./dom.js";
import { attempt } from "./notices.js";
import { addressOf, turnTo } from "./state.js";
import { post } from "./wire.js";

const FOLLOWED = ["queued", "running", "waiting", "paused"];

// the card in the conversation, which asks the same; where it is not drawn yet, the overview has it
function showCard(key) {
  const card = document.querySelector(`#chat [data-key="${CSS.escape(key)}"]`);
  if (!card) return turnTo("study");
  card.scrollIntoView({ block: "center" });
  card.querySelector("button")?.focus({ preventScroll: true });
}

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
              line.card ? null : el("span", { class: "small", text: `Trial ${line.waits.trial}: ${line.proposed}` }),
              ...(line.card
                ? [el("button", { type: "button", text: `Show trial ${line.waits.trial}`, onclick: () => showCard(line.card) })]
                : [
                    el("button", { type: "button", class: "primary", text: "Run it", onclick: () => attempt(() => post(`${path}/approve`, line.waits)) }),
                    el("button", { type: "button", text: "Reject it", onclick: () => attempt(() => post(`${path}/reject`, line.waits)) }),
                  ]),
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
