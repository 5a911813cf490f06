// Starts Chromium.
import { existsSync } from "node:fs";
import { Builder, Browser as Kind, error } from "selenium-webdriver";
import chrome from "selenium-webdriver/chrome.js";

const firstThatExists = (...paths) => paths.find((path) => path && existsSync(path));

/** Now and then it ends right after its start: a few times in thousands. */
const MOST_STARTS = 3;

export async function startChromium(options) {
  for (let starts = 1; ; starts += 1) {
    try {
      return await start(options);
    } catch (failure) {
      if (!(failure instanceof error.SessionNotCreatedError) || starts === MOST_STARTS) throw failure;
      console.error(`Chromium did not start, and is started again: ${failure.message}`);
    }
  }
}

function start({ dark, devices, anyCertificate }) {
  const options = new chrome.Options();
  options.setAcceptInsecureCerts(anyCertificate);
  options.setChromeBinaryPath(firstThatExists(process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"));
  options.addArguments(
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
  );
  if (devices) options.addArguments("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream");
  if (dark) options.addArguments("--force-dark-mode", "--blink-settings=preferredColorScheme=0");
  return new Builder()
    .forBrowser(Kind.CHROME)
    .setChromeOptions(options)
    .setChromeService(new chrome.ServiceBuilder(firstThatExists(process.env.CHROMEDRIVER, "/usr/bin/chromedriver")))
    .build();
}
