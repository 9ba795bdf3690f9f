// Follows the preview server: loads the page again when the site has changed, shows mistakes while there are some.
// Sent by `yima serve` only; no built site holds it.
(() => {
  "use strict";
  const shown = new URL(document.currentScript.src).searchParams.get("v");
  let box = null;
  const say = (text) => {
    if (!text) {
      box?.remove();
      box = null;
      return;
    }
    if (!box) {
      box = document.createElement("pre");
      box.setAttribute("role", "alert");
      Object.assign(box.style, {
        position: "fixed", inset: "auto 0 0 0", maxHeight: "60vh", overflow: "auto", margin: "0", padding: "1rem",
        background: "#3b0d0d", color: "#fff", font: "14px/1.6 monospace", whiteSpace: "pre-wrap", zIndex: "2147483647",
      });
      document.body.append(box);
    }
    box.textContent = text;
  };
  new EventSource("/_yima/events").onmessage = (message) => {
    const now = JSON.parse(message.data);
    if (now.version !== shown) location.reload();
    else say(now.mistakes);
  };
})();
