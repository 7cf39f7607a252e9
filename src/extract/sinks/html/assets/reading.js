/* A review beside its rows: choosing a row shows its words, choosing a word shows its rows; filters; keys. */
(() => {
  "use strict";
  const HIDDEN = new Set(["endpoint_text", "quote", "rule", "confidence", "page_number", "section", "message", "check_name", "severity", "about", "correction", "assumes"]);
  const FOREIGN = { dosing: ["endpoint", "arm"], trials: ["endpoint", "arm", "confidence"], studies: ["endpoint", "arm", "confidence"], mentions: ["study", "endpoint", "arm", "confidence"] }; // filters that say nothing of a table
  const MAX_WORDS = 400; // characters of a block that are shown around a row's words

  const element = (name, text, properties = {}) => Object.assign(document.createElement(name), text === undefined ? {} : { textContent: text }, properties);

  class Reading extends globalThis.extractPlaces {
    constructor(root, pieces = null) {
      super(root, pieces);
      this.scroll = root.querySelector(".scroll");
      this.pages = root.querySelector(".pages");
      this.inspector = root.querySelector(".inspector");
      this.chosen = null;
      this.mention = null;
      this.wanted = { filters: [], words: [], version: 0 };
      this.listen();
      this.loadLater();
    }

    /* Choosing */
    rowsOf(record) { return this.root.querySelectorAll(`[data-record="${CSS.escape(record)}"]`); }

    setChosen(record, on) {
      let shown = null;
      for (const row of this.rowsOf(record)) {
        row.setAttribute(row.matches("[role=row]") ? "aria-selected" : "aria-current", on);
        if (!shown && row.offsetParent) shown = row;
      }
      return shown;
    }

    evidenceOf(record) { return this.data.evidence[record] || []; }

    choose(record, { focus = false, scroll = true } = {}) {
      if (this.chosen) this.setChosen(this.chosen, false);
      this.chosen = record;
      const shown = this.setChosen(record, true);
      if (shown) {
        const grid = shown.closest("[role=grid]");
        if (grid) { grid.querySelectorAll('.row[tabindex="0"]').forEach((row) => { row.tabIndex = -1; }); shown.tabIndex = 0; }
        if (focus) shown.focus({ preventScroll: true });
        shown.scrollIntoView({ block: "nearest" });
      }
      const evidence = this.evidenceOf(record);
      const main = evidence.find(([field]) => field === "value" || field === "stated") || evidence[0];
      this.paint("evidence", evidence.map(([, start, end]) => [start, end]));
      this.paint("chosen", main ? [[main[1], main[2]]] : []);
      this.showBoxes(evidence, main);
      if (main && scroll) this.show(main);
      this.inspect(record, evidence, main);
      this.root.dispatchEvent(new CustomEvent("record-chosen", { bubbles: true, detail: { record } }));
    }

    show([, start, , boxes]) {
      if (this.pages && !this.pages.hidden && boxes) {
        const [number, , top] = boxes[0];
        const page = this.pages.querySelector(`[data-page="${number}"]`);
        const box = page.querySelector("svg");
        page.scrollIntoView({ block: "start" });
        this.scroll.scrollTop += (top / box.viewBox.baseVal.height) * box.getBoundingClientRect().height - this.scroll.clientHeight * 0.35;
        return;
      }
      const leaf = this.leafAt(start);
      if (!leaf) return;
      if (this.text.hidden) this.view("text");
      leaf.scrollIntoView({ block: "center" });
      const range = this.range(start, start + 1);
      if (!range) return;
      const seen = range.getBoundingClientRect(), pane = this.scroll.getBoundingClientRect();
      if (seen.top < pane.top + 20 || seen.bottom > pane.bottom - 20) this.scroll.scrollTop += seen.top - pane.top - pane.height * 0.35;
    }

    showBoxes(evidence, main) {
      if (!this.pages) return;
      this.pages.querySelectorAll(".shown").forEach((group) => group.replaceChildren());
      for (const entry of evidence) for (const [page, x0, top, x1, bottom] of entry[3] || []) {
        const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
        for (const [name, value] of Object.entries({ x: x0 - 1, y: top - 1, width: x1 - x0 + 2, height: bottom - top + 2 })) rect.setAttribute(name, value);
        if (entry === main) rect.setAttribute("class", "chosen");
        this.pages.querySelector(`[data-page="${page}"] .shown`).append(rect);
      }
    }

    sentence(evidence, main) { // the words around a row with its own set off
      const leaf = this.leafAt(main[1]);
      if (!leaf) return null;
      const at = Number(leaf.dataset.at), whole = leaf.textContent;
      let from = Math.max(0, main[1] - at - MAX_WORDS / 2), to = Math.min(whole.length, main[2] - at + MAX_WORDS / 2);
      const stop = whole.lastIndexOf(". ", main[1] - at), next = whole.indexOf(". ", main[2] - at);
      if (stop >= 0 && stop + 2 > from) from = stop + 2;
      if (next >= 0 && next + 1 < to) to = next + 1;
      const quote = element("blockquote");
      const spans = evidence.map(([, start, end]) => [Math.max(start - at, from), Math.min(end - at, to)]).filter(([a, b]) => a < b).sort((a, b) => a[0] - b[0]);
      let position = from;
      if (from > 0 && stop + 2 !== from) quote.append("… ");
      for (const [a, b] of spans) {
        if (a < position) continue;
        quote.append(whole.slice(position, a), element("b", whole.slice(a, b)));
        position = b;
      }
      quote.append(whole.slice(position, to), to < whole.length && next + 1 !== to ? " …" : "");
      const headers = this.headersOf(leaf);
      if (headers) quote.prepend(element("span", `${headers}: `, { className: "soft" }));
      return quote;
    }

    headersOf(leaf) { // of a table's cell the label of its row and the heading of its column
      const row = leaf.closest("tr");
      if (!row) return "";
      const at = [...row.cells].indexOf(leaf), stub = row.cells[0];
      const above = [...row.parentElement.rows].filter((each) => each.rowIndex < row.rowIndex && each.cells[at] && each.cells[at].matches("th")).map((each) => each.cells[at]);
      return [at > 0 ? stub : null, ...above].filter(Boolean).map((cell) => cell.textContent.trim()).filter(Boolean).join(" · ");
    }

    inspect(record, evidence, main) {
      const fields = this.data.records[record] || {};
      const rows = [];
      if (main) { const quote = this.sentence(evidence, main); if (quote) rows.push(quote); }
      if (fields.message) rows.push(element("p", fields.message));
      const table = element("table");
      for (const [name, value] of Object.entries(fields)) {
        if (HIDDEN.has(name)) continue;
        const places = evidence.filter(([field]) => field === name);
        const line = table.insertRow();
        line.append(element("th", name.replaceAll("_", " "), { scope: "row" }));
        line.insertCell().textContent = Array.isArray(value) ? value.join(", ") : String(value);
        const cell = line.insertCell();
        for (const place of places) {
          const go = element("button", `“${this.words(place[1], place[2])}”`, { type: "button", className: "go" });
          go.addEventListener("click", () => { this.paint("chosen", [[place[1], place[2]]]); this.show(place); });
          cell.append(go);
        }
      }
      if (table.rows.length) rows.push(table);
      const told = [];
      if (fields.confidence) told.push({ stated: "The study is named in the same sentence or row.", carried: "The study is carried over from an earlier sentence.", inferred: "The study is inferred from the whole document." }[fields.confidence] || fields.confidence);
      if (fields.rule) told.push(`Rule: ${fields.rule}.`);
      if (told.length) rows.push(element("p", told.join(" "), { className: "rule" }));
      this.open(record + (fields.endpoint ? ` · ${fields.endpoint}` : fields.agent ? ` · ${fields.agent}` : ""), rows);
    }

    open(title, parts) {
      this.inspector.querySelector(".inspector-title").textContent = title;
      this.inspector.querySelector(".inspector-body").replaceChildren(...parts);
      this.inspector.hidden = false;
      this.inspector.scrollTop = 0;
    }

    close() {
      this.inspector.hidden = true;
      if (this.chosen) this.setChosen(this.chosen, false);
      if (this.mention) this.mention.classList.remove("current");
      this.chosen = this.mention = null;
      ["evidence", "chosen"].forEach((name) => this.paint(name, []));
      this.showBoxes([], null);
    }

    chooseMention(id, { scroll = false, mark = null } = {}) {
      const known = this.data.mentions[id];
      if (!known) return;
      const [label, start, end, about] = known;
      if (this.mention) this.mention.classList.remove("current");
      this.mention = mark || this.load(this.text).querySelector(`mark[data-m~="${id}"]`);
      if (this.mention) this.mention.classList.add("current");
      const records = Object.entries(this.data.evidence).filter(([, places]) => places.some(([, a, b]) => a < end && b > start)).map(([record]) => record);
      this.paint("evidence", []);
      this.paint("chosen", [[start, end]]);
      const parts = [];
      const quote = this.sentence([["", start, end]], ["", start, end]);
      if (quote) parts.push(quote);
      const table = element("table");
      for (const [name, value] of Object.entries(about)) { const line = table.insertRow(); line.append(element("th", name, { scope: "row" })); line.insertCell().textContent = String(value); }
      if (table.rows.length) parts.push(table);
      const list = element("p", records.length ? "In the rows " : "In no row.");
      for (const record of records) {
        const go = element("button", record, { type: "button", className: "go" });
        go.addEventListener("click", () => { this.panelOf(record); this.choose(record, { focus: true }); });
        list.append(go, " ");
      }
      parts.push(list);
      if (scroll) this.show(["", start, end, null]);
      const first = records.find((record) => this.panelName(record));
      if (first) this.panelOf(first);
      this.root.querySelectorAll(".row.linked").forEach((row) => row.classList.remove("linked"));
      records.forEach((record) => this.rowsOf(record).forEach((row) => row.classList.add("linked")));
      const row = first && [...this.rowsOf(first)].find((each) => each.offsetParent);
      if (row) row.scrollIntoView({ block: "nearest" });
      this.open(`${label.toLowerCase().replace("_", " ")} · ${this.words(start, end)}`, parts);
      this.say(`${label}: ${this.words(start, end)}. ${records.length} rows.`);
    }

    panelName(record) { return { o: "outcomes", d: "dosing", t: "trials", s: "studies", f: "findings" }[record[0]]; }

    panelOf(record) { // turns to a table that has the record, where the present one has not
      const seen = [...this.rowsOf(record)].some((row) => { const panel = row.closest(".panel"); return panel && !panel.hidden; });
      if (!seen && this.panelName(record)) this.tab(this.panelName(record));
    }

    /* Tabs, views, filters */
    tab(name, focus = false) {
      for (const tab of this.root.querySelectorAll('[role="tab"]')) {
        const on = tab.dataset.panel === name;
        tab.setAttribute("aria-selected", on);
        tab.tabIndex = on ? 0 : -1;
        if (on && focus) tab.focus();
      }
      for (const panel of this.root.querySelectorAll(".panel")) {
        panel.hidden = panel.dataset.panel !== name;
        if (!panel.hidden) this.applyFilter(this.loadSome(panel));
      }
    }

    view(name) {
      if (!this.pages) return;
      for (const part of [this.text, this.pages]) part.hidden = part.dataset.view !== name;
      this.root.querySelectorAll(".switch [data-view]").forEach((button) => button.setAttribute("aria-pressed", button.dataset.view === name));
      if (this.chosen) this.choose(this.chosen);
    }

    filter() {
      const form = this.root.querySelector(".filters");
      const selects = [...form.querySelectorAll("select")];
      const filters = selects.map((each) => [each.name, each.value]).filter(([, value]) => value);
      const words = form.elements.words.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      this.wanted = { filters, words, version: this.wanted.version + 1 };
      selects.forEach((each) => each.classList.toggle("set", Boolean(each.value)));
      form.querySelector("[type=reset]").hidden = !filters.length && !words.length;
      const panel = this.root.querySelector(".panel:not([hidden])");
      this.applyFilter(this.loadSome(panel));
      this.say(`${this.rowsIn(panel).filter((row) => !row.element.hidden).length} rows`);
    }

    rowsIn(panel) { // the elements of records in a table, with their words
      this._rows ??= new Map();
      if (!this._rows.has(panel)) {
        this._rows.set(panel, [...panel.querySelectorAll("[data-record]")].map((each) => {
          let text = null;
          return { element: each, words: () => (text ??= each.textContent.toLowerCase()) };
        }));
      }
      return this._rows.get(panel);
    }

    forget(panel) { if (this._rows) this._rows.delete(panel); panel.filtered = null; }

    applyFilter(panel) { // a table that is not seen is filtered when it is turned to
      const { words, version } = this.wanted;
      const filters = this.wanted.filters.filter(([name]) => !(FOREIGN[panel.dataset.panel] || []).includes(name));
      if (panel.filtered === version || (!version && !panel.filtered)) return;
      panel.filtered = version;
      let seen = 0;
      for (const { element: row, words: own } of this.rowsIn(panel)) {
        const fits = filters.every(([name, value]) => row.dataset[name] === value) && (!words.length || words.every((word) => own().includes(word)));
        if (row.hidden === fits) row.hidden = !fits;
        if (fits) seen += 1;
      }
      const none = panel.querySelector(":scope > .rows + .none");
      if (none) none.hidden = seen > 0;
      this.root.dispatchEvent(new CustomEvent("rows-filtered", { bubbles: true }));
    }

    uncovered(on) { this.paint("uncovered", on ? this.data.uncovered : []); }

    say(words) { this.root.querySelector("[data-said]").textContent = words; }

    /* Moving by keys */
    step(by) {
      const panel = this.root.querySelector(".panel:not([hidden])");
      const id = (row) => row.dataset.record || row.dataset.finding;
      const rows = [...panel.querySelectorAll("[data-record]:not([hidden]), li[data-finding]")].filter((row) => row.offsetParent);
      if (!rows.length) return;
      const at = rows.findIndex((row) => id(row) === this.chosen);
      const next = rows[Math.min(Math.max(at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by, 0), rows.length - 1)];
      if (next.dataset.finding) this.finding(id(next)); else this.choose(id(next), { focus: true });
    }

    stepMention(by) {
      if (this.text.hidden) this.view("text");
      const marks = [...this.load(this.text).querySelectorAll("mark[data-m]")].filter((mark) => !this.root.classList.contains(`off-${mark.classList[0]}`));
      if (!marks.length) return;
      const at = marks.indexOf(this.mention);
      const next = marks[(at < 0 ? (by > 0 ? 0 : marks.length - 1) : at + by + marks.length) % marks.length];
      this.chooseMention(next.dataset.m.split(" ")[0], { scroll: true, mark: next });
    }

    key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return false;
      const inField = event.target.closest("input, select, textarea, dialog[open]");
      if (event.key === "Escape" && !event.target.closest("dialog[open]")) {
        if (inField) event.target.blur(); else this.close();
        return true;
      }
      if (inField) return false;
      const tabs = [...this.root.querySelectorAll('[role="tab"]')];
      if (event.target.closest('[role="tab"]') && /^(Arrow(Left|Right)|Home|End)$/.test(event.key)) {
        const at = tabs.indexOf(event.target.closest('[role="tab"]'));
        const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
        this.tab(tabs[(to + tabs.length) % tabs.length].dataset.panel, true);
        return true;
      }
      const inRow = event.target.closest("[data-record]");
      if (inRow && (event.key === "Enter" || event.key === " ") && event.target === inRow) { this.choose(inRow.dataset.record, { focus: true }); return true; }
      if (/^[1-9]$/.test(event.key)) { if (tabs[event.key - 1]) this.tab(tabs[event.key - 1].dataset.panel, true); return true; }
      const actions = {
        j: () => this.step(1), k: () => this.step(-1), n: () => this.stepMention(1), p: () => this.stepMention(-1),
        "/": () => this.root.querySelector(".filters input").focus(),
        v: () => this.pages && this.view(this.pages.hidden ? "pages" : "text"),
      };
      if (inRow && inRow.matches(".row")) { actions.ArrowDown = actions.j; actions.ArrowUp = actions.k; }
      if (!actions[event.key]) return false;
      actions[event.key]();
      return true;
    }

    click(event) {
      const at = (selector) => event.target.closest(selector);
      let hit;
      if ((hit = at('[role="tab"]'))) this.tab(hit.dataset.panel);
      else if ((hit = at(".close"))) this.close();
      else if ((hit = at("[data-view][aria-pressed]"))) this.view(hit.dataset.view);
      else if ((hit = at("button[data-label]"))) {
        const on = hit.getAttribute("aria-pressed") !== "true";
        hit.setAttribute("aria-pressed", on);
        this.root.classList.toggle(`off-${hit.dataset.label}`, !on);
      } else if ((hit = at("[data-finding]"))) this.finding(hit.dataset.finding);
      else if ((hit = at(".show-uncovered"))) {
        const on = hit.getAttribute("aria-pressed") !== "true";
        hit.setAttribute("aria-pressed", on);
        this.uncovered(on);
      } else if ((hit = at("[data-number]"))) {
        const [start, end] = this.data.uncovered[hit.dataset.number];
        this.paint("chosen", [[start, end]]);
        this.show(["", start, end, null]);
      } else if ((hit = at("[data-mentions]"))) this.nextOf(hit);
      else if (at(".none .clear")) this.root.querySelector(".filters").reset();
      else if ((hit = at("mark[data-m], rect[data-m]"))) this.chooseMention(hit.dataset.m.split(" ")[0], { mark: hit.matches("mark") ? hit : null });
      else if ((hit = at("mark[data-f], rect[data-f]"))) this.finding(hit.dataset.f.split(" ")[0]);
      else if ((hit = at(".panels [data-record]")) && !at("a, button, input, select, summary")) this.choose(hit.dataset.record);
    }

    listNumbers(details) { // the numbers of a reason, with the words around them, when they are asked for
      const list = details.querySelector("ul");
      if (!details.open || list.firstChild) return;
      this.data.uncovered.forEach(([start, end, reason], index) => {
        if (String(reason) !== details.dataset.reason) return;
        const leaf = this.leafAt(start), at = start - Number(leaf.dataset.at), text = leaf.textContent, item = element("li");
        const go = element("button", text.slice(at, at + end - start), { type: "button", className: "plain" });
        go.dataset.number = index;
        const before = text.slice(Math.max(0, at - 45), at), after = text.slice(at + end - start, at + end - start + 45);
        item.append(go, element("span", ` ${before.length < at ? "…" : ""}${before}`, { className: "soft small" }), element("b", go.textContent, { className: "small" }), element("span", `${after}…`, { className: "soft small" }));
        list.append(item);
      });
    }

    nextOf(button) { // each press goes to the next of a group's words
      const ids = button.dataset.mentions.split(" ");
      const at = (Number(button.dataset.next) || 0) % ids.length;
      button.dataset.next = at + 1;
      const [, start, end] = this.data.mentions[ids[at]];
      if (this.text.hidden) this.view("text");
      this.paint("chosen", [[start, end]]);
      this.show(["", start, end, null]);
      this.say(`${at + 1} of ${ids.length}`);
    }

    finding(id) {
      this.tab("findings");
      this.root.querySelectorAll("li[data-finding]").forEach((item) => item.setAttribute("aria-current", item.dataset.finding === id));
      this.choose(id);
      const item = this.root.querySelector(`li[data-finding="${CSS.escape(id)}"]`);
      if (item) item.scrollIntoView({ block: "nearest" });
    }

    listen() {
      this.root.addEventListener("click", (event) => this.click(event));
      const form = this.root.querySelector(".filters");
      form.addEventListener("submit", (event) => event.preventDefault());
      form.addEventListener("input", () => this.filter());
      form.addEventListener("reset", () => setTimeout(() => this.filter()));
      this.root.addEventListener("toggle", (event) => { if (event.target.matches("[data-reason]")) this.listNumbers(event.target); }, true);
      addEventListener("beforeprint", () => this.load(this.root));
    }
  }

  function theme() { // light, dark: the other one of what is seen now
    const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    document.documentElement.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem("extract-theme", document.documentElement.dataset.theme); } catch { /* a file opened from disk may have no storage */ }
  }
  try { const kept = localStorage.getItem("extract-theme"); if (kept) document.documentElement.dataset.theme = kept; } catch { /* as above */ }

  globalThis.extractPage = { Reading, theme, element };
})();
