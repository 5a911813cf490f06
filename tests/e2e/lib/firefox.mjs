// Starts Firefox. Its settings are those of the whole process; what a page leaves behind belongs to one container.
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import firefox from "selenium-webdriver/firefox.js";

const tools = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "openline/tools/bin");
const firstThatExists = (...paths) => paths.find((path) => path && existsSync(path));

/** Its driver, and where that listens. `bidi`: whether it takes commands of WebDriver BiDi, too. */
export async function startFirefox({ dark, devices, anyCertificate }, { bidi = false } = {}) {
  const options = new firefox.Options();
  options.setAcceptInsecureCerts(anyCertificate);
  options.setBinary(firstThatExists(process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"));
  options.addArguments("-headless");
  if (bidi) options.set("webSocketUrl", true);
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
  const geckodriver = firstThatExists(process.env.GECKODRIVER, join(tools, "geckodriver"));
  const service = new firefox.ServiceBuilder(geckodriver).build();
  const driver = firefox.Driver.createSession(options, service);
  await driver.getSession();
  return { driver, url: await service.address() };
}
