import { defineConfig } from "vite";

import { offlineWorker } from "./offline/plugin";

const server = process.env["OPENLINE_SERVER"] ?? "http://localhost:8080";

export default defineConfig({
  plugins: [offlineWorker()],
  // Pre-bundling would move the module away from its .wasm file.
  optimizeDeps: { exclude: ["openline"] },
  build: {
    target: "es2022",
    // The first browsers with both light-dark() and :has().
    cssTarget: ["chrome123", "firefox121", "safari17.5"],
    assetsInlineLimit: 0,
  },
  server: {
    fs: { allow: [".", "../pkg"] },
    proxy: {
      "/demo": server,
      "/chat": server,
      "/realtime": { target: server, ws: true },
    },
  },
});
