// Asks the worker to keep this page for a time without a network, or to forget it.

const PATIENCE = 1500; // milliseconds

export async function tellWorker(what) {
  const worker = (await navigator.serviceWorker?.getRegistration("/p/").catch(() => null))?.active;
  if (!worker) return;
  const files = performance.getEntriesByType("resource").map((entry) => entry.name).filter((name) => name.includes("/static/"));
  await new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = resolve;
    setTimeout(resolve, PATIENCE);
    worker.postMessage({ what, page: location.pathname, files }, [channel.port2]);
  });
}
