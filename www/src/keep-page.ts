// Has the browser keep the page itself, so that it opens without the server, too.
export function keepPage(): void {
  // Only where it was loaded securely; while it is worked on, nothing of it is to be old.
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register("/sw.js").catch((error: unknown) => console.warn("The page is not kept", error));
}
