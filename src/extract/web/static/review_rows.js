/* The rows of the review desk: their elements in the lists, and the forms in which they are corrected. */
(() => {
  "use strict";
  const { element } = globalThis.extractPage;

  function shown(value) { return value === null || value === undefined ? "" : Array.isArray(value) ? value.join("; ") : String(value); }

  function hooks(line, row) {
    for (const name of ["study", "endpoint", "arm", "confidence"]) delete line.dataset[name];
    for (const [name, value] of Object.entries(row.hooks)) line.setAttribute(name, value);
    line.dataset.status = row.status;
  }

  function fill(line, row) { // an element of the list that shows a row already
    [...line.children].forEach((cell, at) => { if (cell.textContent !== row.cells[at]) cell.textContent = row.cells[at]; });
    hooks(line, row);
  }

  function line(row, head) { // a new element for a row, with the columns of its list
    const made = element("div", undefined, { className: "row", tabIndex: -1 });
    made.setAttribute("role", "row");
    made.dataset.record = row.key;
    [...head.children].forEach((column, at) => {
      const cell = element("span", row.cells[at], { className: column.className });
      cell.setAttribute("role", "gridcell");
      made.append(cell);
    });
    hooks(made, row);
    return made;
  }

  function input(field, value) {
    if (field.choices || field.kind === "boolean") {
      const box = element("select");
      for (const choice of field.choices || ["", "true", "false"]) box.append(element("option", choice === "" ? "–" : choice, { value: choice }));
      box.value = shown(value);
      return box;
    }
    const box = element("input", undefined, { type: "text", value: shown(value), autocomplete: "off", spellcheck: false });
    if (field.kind === "number") box.inputMode = "decimal";
    if (field.suggestions) box.setAttribute("list", `list-${field.name}`);
    return box;
  }

  function suggestions(fields) {
    return fields.filter((field) => field.suggestions && !document.getElementById(`list-${field.name}`)).map((field) => {
      const list = element("datalist", undefined, { id: `list-${field.name}` });
      for (const [value, meaning] of field.suggestions) list.append(element("option", undefined, { value, label: meaning }));
      return list;
    });
  }

  /* A form for a row: filled fields and the usual ones first; the others behind a summary. `labels`: which attributes the labels of mentions have. */
  function form(fields, values, { title, button, labels = null }) {
    const made = element("form", undefined, { className: "fields", noValidate: true });
    made.append(element("h4", title));
    const first = element("div", undefined, { className: "grid" }), rest = element("div", undefined, { className: "grid" });
    for (const field of fields) {
      const label = element("label");
      label.append(element("span", field.name.replaceAll("_", " ")), Object.assign(input(field, values[field.name]), { name: field.name, title: field.meaning }));
      label.dataset.field = field.name;
      (field.first || shown(values[field.name]) !== "" || labels ? first : rest).append(label);
    }
    made.append(first);
    if (rest.firstChild) { const more = element("details"); more.append(element("summary", "More fields"), rest); made.append(more); }
    made.append(element("p", "", { className: "bad problem" }));
    made.querySelector(".problem").setAttribute("role", "alert");
    const buttons = element("div", undefined, { className: "deciding" });
    buttons.append(element("button", button, { type: "submit", className: "primary" }), element("button", "Cancel", { type: "button", className: "cancel" }));
    made.append(buttons, ...suggestions(fields));
    if (labels) {
      const choose = () => made.querySelectorAll("[data-field]").forEach((label) => {
        const name = label.dataset.field;
        label.hidden = name !== "label" && !(labels[made.elements.label.value] || []).includes(name);
      });
      made.elements.label.addEventListener("change", choose);
      choose();
    }
    return made;
  }

  function typed(made, fields) { // what stands in a form; fields that do not belong to the label are empty
    return Object.fromEntries(fields.map((field) => {
      const box = made.elements[field.name];
      return [field.name, box.closest("[data-field]").hidden ? "" : box.value];
    }));
  }

  function problem(made, message) {
    made.querySelector(".problem").textContent = message;
    const named = message.split(":")[0].split(" ").pop();
    const box = made.elements[named];
    if (!box || !box.closest("label")) return;
    const more = box.closest("details");
    if (more) more.open = true;
    box.setAttribute("aria-invalid", "true");
    box.focus();
  }

  globalThis.extractRows = { shown, fill, line, form, typed, problem };
})();
