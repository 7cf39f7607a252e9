/* The frame of the report: which review is shown, theme, print, keys. */
(() => {
  "use strict";
  const { Reading, theme } = globalThis.extractPage;
  const main = document.getElementById("main");
  const kept = new Map(); // articles by their place in the list
  let reading = new Reading(main.querySelector(".review"));
  kept.set("0", main.querySelector(".review"));

  const which = document.getElementById("which");
  if (which) which.addEventListener("change", () => {
    if (!kept.has(which.value)) {
      const template = document.querySelector(`.review-template[data-index="${which.value}"]`);
      kept.set(which.value, template.content.querySelector(".review"));
    }
    main.replaceChildren(kept.get(which.value));
    document.querySelectorAll(".top .name").forEach((name, index) => { name.hidden = String(index) !== which.value; });
    reading = kept.get(which.value).reading ??= new Reading(kept.get(which.value));
  });
  kept.get("0").reading = reading;

  document.getElementById("theme").addEventListener("click", theme);
  document.getElementById("print").addEventListener("click", () => print());
  const keys = document.getElementById("keys");
  document.getElementById("help").addEventListener("click", () => keys.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.key === "?" && !event.target.closest("input, textarea, dialog[open]")) { keys.showModal(); event.preventDefault(); return; }
    if (reading.key(event)) event.preventDefault();
  });
})();
