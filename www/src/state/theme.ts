// Light or dark: the system's choice until the person makes another.

const KEY = "openline.theme";
const system = matchMedia("(prefers-color-scheme: dark)");

export function currentTheme(): "light" | "dark" {
  const chosen = document.documentElement.dataset["theme"];
  if (chosen === "light" || chosen === "dark") return chosen;
  return system.matches ? "dark" : "light";
}

export function toggleTheme(): void {
  const next = currentTheme() === "dark" ? "light" : "dark";
  document.documentElement.dataset["theme"] = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Storage is blocked: the choice lasts until the page is closed.
  }
}

export function followSystemTheme(onChange: () => void): void {
  system.addEventListener("change", onChange);
}
