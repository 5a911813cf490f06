// Headless Chromium and Firefox with fake cameras and microphones, driven by WebDriver.
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { Builder, Browser as Kind } from "selenium-webdriver";
import chrome from "selenium-webdriver/chrome.js";
import firefox from "selenium-webdriver/firefox.js";

const toolsDirectory = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "openline/tools/bin");
const firstThatExists = (...paths) => paths.find((path) => path && existsSync(path));

const paths = {
  chromium: () => firstThatExists(process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"),
  chromedriver: () => firstThatExists(process.env.CHROMEDRIVER, "/usr/bin/chromedriver"),
  firefox: () => firstThatExists(process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"),
  geckodriver: () => firstThatExists(process.env.GECKODRIVER, join(toolsDirectory, "geckodriver")),
};

/** Which browser names `openBrowser` takes. */
export const browserNames = ["chromium", "firefox"];

/** Opens a browser of that name. `dark` asks for the dark colour scheme, `anyCertificate` trusts every server. */
export async function openBrowser(
  name,
  { width = 1280, height = 800, dark = false, devices = true, anyCertificate = false } = {},
) {
  const open = name === "firefox" ? openFirefox : openChromium;
  const driver = await open(dark, devices, anyCertificate);
  await driver.manage().setTimeouts({ script: 60_000, pageLoad: 30_000 });
  await driver.manage().window().setRect({ width, height });
  return driver;
}

function openChromium(dark, devices, anyCertificate) {
  const options = new chrome.Options();
  options.setAcceptInsecureCerts(anyCertificate);
  options.setChromeBinaryPath(paths.chromium());
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
    .setChromeService(new chrome.ServiceBuilder(paths.chromedriver()))
    .build();
}

function openFirefox(dark, devices, anyCertificate) {
  const options = new firefox.Options();
  options.setAcceptInsecureCerts(anyCertificate);
  options.setBinary(paths.firefox());
  options.addArguments("-headless");
  const preferences = {
    "media.navigator.streams.fake": devices,
    "media.navigator.permission.disabled": devices,
    "media.peerconnection.ice.loopback": true,
    "media.peerconnection.ice.obfuscate_host_addresses": false,
    "network.connectivity-service.enabled": false,
    "network.captive-portal-service.enabled": false,
    "media.autoplay.default": 0,
    "app.update.enabled": false,
    "datareporting.healthreport.uploadEnabled": false,
    "ui.systemUsesDarkTheme": dark ? 1 : 0,
    "layout.css.prefers-color-scheme.content-override": dark ? 0 : 1,
    "dom.disable_beforeunload": true,
  };
  for (const [name, value] of Object.entries(preferences)) options.setPreference(name, value);
  return new Builder()
    .forBrowser(Kind.FIREFOX)
    .setFirefoxOptions(options)
    .setFirefoxService(new firefox.ServiceBuilder(paths.geckodriver()))
    .build();
}
