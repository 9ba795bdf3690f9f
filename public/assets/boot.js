// Loads the app; if that fails, the static page stays whole.
const { script, module } = document.querySelector("[data-module]").dataset;
const place = document.querySelector("[data-search]");
// Uses externref and memory.fill, as the app does.
const probe = atob("AGFzbQEAAAABBAFgAAADAgEABAQBbwAABQMBAAAKDQELAEEAQQBBAPwLAAs=");
async function start() {
  if (place.dataset.app) return;
  place.dataset.app = "loading";
  try {
    if (!WebAssembly.validate(Uint8Array.from(probe, (c) => c.charCodeAt()))) throw 0;
    await (await import(script)).default({ module_or_path: module });
  } catch (e) {
    const textContent = "此浏览器用不了本页程序，下面的内容照常可用。";
    place.prepend(Object.assign(document.createElement("p"), { className: "app-message", textContent }));
  }
}
// A query waits for it. Else reading comes first.
if (place.id == "favourites" || location.search) start();
else {
  place.addEventListener("focusin", start);
  (window.requestIdleCallback || setTimeout)(start);
}
