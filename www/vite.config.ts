import { defineConfig, type Plugin } from "vite";

// Everything the page needs comes from its own server; the wasm file needs the one exception.
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
].join("; ");

function contentSecurityPolicy(): Plugin {
  return {
    name: "content-security-policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: policy },
        injectTo: "head-prepend",
      },
    ],
  };
}

const server = process.env["OPENLINE_SERVER"] ?? "http://localhost:8080";

export default defineConfig({
  plugins: [contentSecurityPolicy()],
  // Pre-bundling would move the module away from its .wasm file.
  optimizeDeps: { exclude: ["openline"] },
  build: {
    target: "es2022",
    // The first browsers with light-dark().
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
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
