// What a screen reader is told of the conversation: each answer once, how a study ended or what it asks,
// and of trials the last one every few seconds.
import { say } from "./notices.js";
import { trialWords } from "./trial_card.js";

const APART_MS = 6000;
const MOST = 400; // characters of an answer
const TOLD = ["finished", "state", "approval", "question"]; // of a study
let waiting = null;

export function spoken(data, before, node) {
  if (data.kind === "answer") {
    const isNew = !data.pending && data.html && (!before || before.pending || before.html !== data.html);
    if (isNew) say(`${data.error ? "Error" : "Answer"}: ${node.firstChild.innerText.slice(0, MOST)}`);
  } else if (!before && TOLD.includes(data.kind)) {
    say([node.getAttribute("aria-label"), node.querySelector(".words")?.innerText].filter(Boolean).join(": ").slice(0, MOST));
  } else if (data.card && !data.pending && before?.pending) {
    if (!waiting) setTimeout(() => (say(waiting), (waiting = null)), APART_MS);
    waiting = trialWords(data.card);
  }
}
