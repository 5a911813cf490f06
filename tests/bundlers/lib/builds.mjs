// Builds the fixtures for production, each with its tool's own defaults.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";
import * as vite from "vite";
import webpack from "webpack";

const { resolve } = createRequire(import.meta.url);
const fixture = (name) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const outputOf = (name) => fileURLToPath(new URL(`../output/${name}`, import.meta.url));

/** What is built, by name: each resolves to the folder to serve. */
export const builds = {
  Vite: () => buildWithVite("vite"),

  "Vite, chat alone": () => buildWithVite("vite-chat"),

  async webpack() {
    const path = outputOf("webpack");
    const context = fixture("webpack");
    const compiler = webpack({ mode: "production", context, entry: "./main.js", output: { path, clean: true } });
    const stats = await new Promise((done, failed) => {
      compiler.run((error, result) => (error ? failed(error) : done(result)));
    });
    await new Promise((done) => compiler.close(done));
    const { errors, warnings } = stats.toJson({ errors: true, warnings: true });
    // That a file is large is webpack's opinion, not a defect of the package.
    const unexpected = [...errors, ...warnings.filter(({ message }) => !/size limit|limit the size/.test(message))];
    if (unexpected.length > 0) throw new Error(unexpected.map(({ message }) => message).join("\n"));
    await cp(join(context, "index.html"), join(path, "index.html"));
    return path;
  },

  async "esbuild, the file copied"() {
    const outdir = await bundleWithEsbuild("copied");
    await cp(resolve("openline/core.wasm"), join(outdir, "assets/core_bg.wasm"));
    return outdir;
  },

  async "esbuild, chat alone"() {
    const outdir = await bundleWithEsbuild("chat");
    await cp(resolve("openline/chat/core.wasm"), join(outdir, "assets/core_bg.wasm"));
    return outdir;
  },

  "esbuild, the file inside": () => bundleWithEsbuild("inline"),

  "Next, with Turbopack": () => buildWithNext("next-turbopack", "--turbopack"),

  "Next, with webpack": () => buildWithNext("next-webpack", "--webpack"),
};

/** Vite's development server, set up as the package's README says. */
export async function startViteServer(api) {
  const server = await vite.createServer({
    root: fixture("vite"),
    configFile: false,
    logLevel: "warn",
    cacheDir: outputOf("vite-cache"),
    optimizeDeps: { exclude: ["openline"] },
    server: { port: 0, fs: { allow: [fileURLToPath(new URL("..", import.meta.url))] }, proxy: proxyTo(api) },
  });
  await server.listen();
  return { url: server.resolvedUrls.local[0], close: () => server.close() };
}

/** A host of static files, with the server behind it. */
export async function startHost(site, api) {
  const server = await vite.preview({
    configFile: false,
    logLevel: "warn",
    build: { outDir: site },
    preview: { port: 0, proxy: proxyTo(api) },
  });
  return { url: server.resolvedUrls.local[0], close: () => server.close() };
}

const proxyTo = (api) => ({ "/demo": api, "/chat": api, "/realtime": { target: api, ws: true } });

async function buildWithVite(name) {
  const outDir = outputOf(name);
  await vite.build({ root: fixture(name), configFile: false, logLevel: "warn", build: { outDir, emptyOutDir: true } });
  return outDir;
}

async function bundleWithEsbuild(entry) {
  const outdir = outputOf(`esbuild-${entry}`);
  await rm(outdir, { recursive: true, force: true });
  const { warnings } = await esbuild.build({
    entryPoints: { main: join(fixture("esbuild"), `${entry}.js`) },
    bundle: true,
    minify: true,
    format: "esm",
    outdir,
    logLevel: "silent",
  });
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join("\n"));
  await cp(join(fixture("esbuild"), "index.html"), join(outdir, "index.html"));
  return outdir;
}

async function buildWithNext(name, bundler) {
  const dir = fixture("next");
  await rm(join(dir, "output"), { recursive: true, force: true });
  const child = spawn(process.execPath, [resolve("next/dist/bin/next"), "build", dir, bundler], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => said.push(chunk));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(Buffer.concat(said).toString());
  const outDir = outputOf(name);
  await rm(outDir, { recursive: true, force: true });
  await cp(join(dir, "output"), outDir, { recursive: true });
  return outDir;
}
