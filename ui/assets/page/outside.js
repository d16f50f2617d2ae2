// Text from outside as it can be looked at: what cannot be seen, or turns the writing round, is written out.
// The server does the same to all that it sends (recmodels/outside.py); this is for names that come from the browser.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]/gu;
const JOINERS = /[\u200c\u200d]/u;
const JOINED = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{M}\ufe0f]$|(?![A-Za-z])\p{L}$/u;

export function visible(text) {
  return text.replace(UNSEEN, (char, place) => (JOINERS.test(char) && JOINED.test(text.slice(0, place)) ? char : written(char)));
}

function written(char) {
  const code = char.codePointAt(0);
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
}
