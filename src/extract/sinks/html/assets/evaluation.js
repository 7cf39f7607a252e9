/* The page of an evaluation: filters over the errors, numbers that lead to their errors, theme, print. */
(() => {
  "use strict";
  const NAMES = ["kind", "label", "document"];
  const form = document.getElementById("filters");
  const errors = [...document.querySelectorAll(".error")].map((element) => ({ element, text: null }));

  const filter = () => {
    const wanted = NAMES.map((name) => [name, form.elements[name].value]).filter(([, value]) => value);
    const words = form.elements.words.value.trim().toLowerCase();
    let seen = 0;
    for (const error of errors) {
      let fits = wanted.every(([name, value]) => error.element.dataset[name] === value);
      if (fits && words) {
        error.text ??= error.element.textContent.replace(/\s+/g, " ").toLowerCase();
        fits = error.text.includes(words);
      }
      error.element.hidden = !fits;
      if (fits) seen += 1;
    }
    document.getElementById("shown").textContent = `${seen} of ${errors.length} errors`;
    document.getElementById("none").hidden = seen > 0;
  };

  if (form) {
    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(filter));
  }

  document.addEventListener("click", (event) => {
    const number = event.target.closest("button[data-kind], button[data-label], button[data-document]");
    if (!number || !form) return;
    form.reset();
    for (const name of NAMES) form.elements[name].value = number.dataset[name] || "";
    form.elements.words.value = number.dataset.words || "";
    filter();
    form.scrollIntoView({ block: "start" });
    form.elements.words.focus({ preventScroll: true });
  });

  const open = () => {
    const told = location.hash && document.getElementById(location.hash.slice(1));
    if (told && told.matches("details")) { told.open = true; told.scrollIntoView(); }
  };
  addEventListener("hashchange", open);
  open();

  document.getElementById("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
  });
  document.getElementById("print").addEventListener("click", () => print());
  const unfolded = [];
  addEventListener("beforeprint", () => document.querySelectorAll("details:not([open])").forEach((each) => { each.open = true; unfolded.push(each); }));
  addEventListener("afterprint", () => unfolded.splice(0).forEach((each) => { each.open = false; }));
})();
