import { render } from "lit-html";

import "./style/index.css";
import { followCallSounds } from "./sound/call-sounds";
import { store } from "./state/app-state";
import { followDays } from "./state/days";
import { followFullScreen } from "./state/full-screen";
import { followReloads } from "./state/reloads";
import { followRoute } from "./state/route";
import { enterAgain, forgetOthers } from "./state/session";
import { followSystemTheme } from "./state/theme";
import { app } from "./ui/app";
import { keepPage } from "./keep-page";
import { pageTitle } from "./ui/title";

const root = document.getElementById("app");
if (!root) throw new Error("index.html has no #app element.");

store.subscribe((state) => {
  render(app(state), root);
  const title = pageTitle(state);
  if (document.title !== title) document.title = title;
});
followRoute();
followReloads();
followDays();
followFullScreen();
followCallSounds();
followSystemTheme(() => store.set({}));
void forgetOthers();
void enterAgain();
keepPage();
