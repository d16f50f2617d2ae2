// Light or dark: as the system says, until the person chooses.

const KEY = "recpilot theme";
const dark = window.matchMedia("(prefers-color-scheme: dark)");

export const themeOf = () => localStorage.getItem(KEY) ?? "system";

export function setTheme(theme) {
  if (theme === "system") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, theme);
  apply();
}

export function apply() {
  const theme = themeOf();
  document.body.classList.toggle("dark", theme === "dark" || (theme === "system" && dark.matches));
}

export function mountLooks() {
  apply();
  dark.addEventListener("change", apply);
  // Gradio sets its own class when it loads; ours is the one that stands
  new MutationObserver(() => {
    const theme = themeOf();
    const wanted = theme === "dark" || (theme === "system" && dark.matches);
    if (document.body.classList.contains("dark") !== wanted) apply();
  }).observe(document.body, { attributeFilter: ["class"] });
}
