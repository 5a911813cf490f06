import type { TemplateResult } from "lit-html";

import { store } from "../state/app-state";
import { currentTheme, toggleTheme } from "../state/theme";
import { iconButton } from "./icon-button";

export function themeToggle(): TemplateResult {
  const dark = currentTheme() === "dark";
  return iconButton({
    icon: dark ? "sun" : "moon",
    label: dark ? "Use the light theme" : "Use the dark theme",
    testid: "theme-toggle",
    onClick: () => {
      toggleTheme();
      store.set({});
    },
  });
}
