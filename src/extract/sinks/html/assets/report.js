/* The frame of the report: which review is shown, theme, print, keys. */
(() => {
  "use strict";
  const { Reading, theme } = globalThis.extractPage;
  const main = document.getElementById("main");
  const kept = new Map([["0", main.querySelector(".review")]]); // articles by their place in the list
  let reading = null, waiting = []; // what a person does before the page can answer is done when it can

  async function unpack(root) { // what the page carries packed, so that it opens at once
    const packed = root.querySelector(".packed");
    const characters = atob(packed.textContent), bytes = new Uint8Array(characters.length);
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = characters.charCodeAt(at);
    packed.remove();
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text().then((text) => text.split("<!---->"));
  }

  let shown = "0";
  async function show(index) {
    const root = kept.get(index);
    shown = index;
    reading = null;
    const pieces = await (root.unpacked ??= unpack(root));
    root.reading ??= new Reading(root, pieces);
    if (shown !== index) return; // another one was chosen meanwhile
    reading = root.reading;
    waiting.splice(0).forEach((act) => act());
  }

  const which = document.getElementById("which");
  if (which) which.addEventListener("change", () => {
    if (!kept.has(which.value)) {
      const template = document.querySelector(`.review-template[data-index="${which.value}"]`);
      kept.set(which.value, template.content.querySelector(".review"));
    }
    main.replaceChildren(kept.get(which.value));
    document.querySelectorAll(".top .name").forEach((name, index) => { name.hidden = String(index) !== which.value; });
    show(which.value);
  });

  document.getElementById("theme").addEventListener("click", theme);
  document.getElementById("print").addEventListener("click", () => print());
  const keys = document.getElementById("keys");
  document.getElementById("help").addEventListener("click", () => keys.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.key === "?" && !event.target.closest("input, textarea, dialog[open]")) { keys.showModal(); event.preventDefault(); return; }
    if (!reading) waiting.push(() => reading.key(event));
    else if (reading.key(event)) event.preventDefault();
  });
  main.addEventListener("click", (event) => { if (!reading) waiting.push(() => event.target.click()); });
  show("0");
})();
