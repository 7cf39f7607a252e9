/* The review desk: going through the rows of a review. */
(() => {
  "use strict";
  const { Reading, theme, element } = globalThis.extractPage;
  const { shown, fill, line, form, typed, problem } = globalThis.extractRows;
  const { progress, guess, talk, tell } = globalThis.extractDesk;
  const desk = JSON.parse(document.getElementById("desk-data").textContent);
  const sent = talk(desk);
  const rows = new Map(desk.rows.map((row) => [row.key, row]));
  const pending = new Set(); // rows whose decision is on its way
  const POLL = 4000; // milliseconds between looks at what other windows decided
  const adding = document.getElementById("adding");
  const MARKS = { open: "open", accepted: "accepted", corrected: "corrected", rejected: "rejected", added: "added by a person", disputed: "reviewers differ" };

  class DeskReading extends Reading {
    evidenceOf(key) {
      const found = super.evidenceOf(key), row = rows.get(key);
      return found.length || !row || !row.span ? found : [["words", ...row.span]];
    }

    panelName(key) { // studies have none here
      const row = rows.get(key), name = row ? row.table : super.panelName(key);
      return name && this.root.querySelector(`.panel[data-panel="${name}"]`) ? name : undefined;
    }

    isOccupied() { return !this.inspector.hidden && Boolean(this.inspector.querySelector("form, .conflict")); } // with what must not go unasked

    insert(part) { // what was kept for later is as the page was loaded
      const panel = part.closest(".panel");
      super.insert(part);
      if (panel) for (const { element: each } of this.rowsIn(panel)) {
        const row = rows.get(each.dataset.record);
        if (row && row.isChanged && each.matches(".row")) fill(each, row);
        else if (!row && each.matches(".row") && /^p\d/.test(each.dataset.record)) { each.remove(); this.forget(panel); } // taken back in the meantime
      }
    }

    inspect(key, evidence, main) {
      const row = rows.get(key);
      if (!row) { super.inspect(key, evidence, main); return; }
      const parts = [];
      const quote = main && this.sentence(evidence, main);
      if (quote) parts.push(quote);
      if (row.remark) parts.push(element("p", row.remark, { className: "note" }));
      parts.push(deciding(row), desk.role === "adjudicator" ? compared(row) : this.fields(row, evidence));
      this.open(`${key} · ${MARKS[row.status]}`, parts);
      this.inspector.dataset.status = row.status;
    }

    fields(row, evidence) {
      const table = element("table");
      for (const [name, value] of Object.entries(row.fields)) {
        const before = row.machine && shown(row.machine[name]) !== shown(value) ? shown(row.machine[name]) : null;
        if (shown(value) === "" && before === null) continue;
        const added = table.insertRow(), cell = element("td", shown(value)), places = element("td");
        added.append(element("th", name.replaceAll("_", " "), { scope: "row" }), cell, places);
        if (before !== null) cell.append(" ", element("s", before || "empty", { className: "soft", title: "what the program says" }));
        for (const place of evidence.filter(([field]) => field === name)) {
          const go = element("button", `“${this.words(place[1], place[2])}”`, { type: "button", className: "go" });
          go.addEventListener("click", () => { this.paint("chosen", [[place[1], place[2]]]); this.show(place); });
          places.append(go);
        }
      }
      return table;
    }
  }

  const reading = new DeskReading(document.querySelector(".review"));
  document.querySelector(".review").reading = reading;

  /* Talking to the desk */
  let turn = Promise.resolve(); // one request after the other, so that each knows what the one before made
  let waiting = 0; // requests that change something and have no answer yet
  const inTurn = (call) => (turn = turn.then(call, call));

  function take(answer) {
    desk.version = answer.version;
    for (const row of answer.rows || []) put(row);
    if (answer.gone) drop(answer.gone);
    if (answer.added) for (const [key, row] of rows) if (!row.machine && key.startsWith("p") && !answer.added.includes(key)) drop(key);
    if (answer.progress) progress(answer.progress);
  }

  function put(row) {
    row.isChanged = true;
    const isNew = !rows.has(row.key);
    rows.set(row.key, row);
    const panel = document.querySelector(`.panel[data-panel="${row.table}"]`);
    const found = panel.querySelector(`.row[data-record="${CSS.escape(row.key)}"]`);
    if (found) fill(found, row);
    else if (isNew) { // a row that somebody added stands where its words stand
      const grid = reading.load(panel).querySelector("[role=grid]");
      const at = (each) => { const known = rows.get(each.dataset.record); return known && known.span ? known.span[0] : Infinity; };
      const after = [...grid.querySelectorAll(".row[data-record]")].find((each) => row.span && at(each) > row.span[0]);
      grid.insertBefore(line(row, grid.querySelector(".head")), after || null);
      reading.forget(panel);
    }
    panel.filtered = null;
  }

  function drop(key) {
    rows.delete(key);
    reading.rowsOf(key).forEach((each) => each.remove());
    document.querySelectorAll(".panel").forEach((panel) => reading.forget(panel));
    if (reading.chosen === key) reading.close();
  }

  /* Deciding */
  function change(call) { // in its turn; who leaves the page before is asked
    waiting += 1;
    return inTurn(() => call().finally(() => { waiting -= 1; }));
  }

  function decide(key, action, fields) {
    return change(async () => {
      const row = rows.get(key);
      if (!row) return null;
      const answer = await sent("decisions", { table: row.table, key, action, base: row.base, ...(fields ? { fields } : {}) });
      return settled(key, answer, action, fields);
    });
  }

  function settled(key, answer, action, fields) {
    if (answer.status === 200) {
      tell("");
      take(answer);
      return answer;
    }
    if (answer.status === 409 && answer.rows) {
      take(answer);
      if (!rows.has(key) || (reading.isOccupied() && reading.chosen !== key)) tell(`${key}: you decided on this row in another window since; that decision stands.`);
      else conflict(key, action, fields);
    } else if (answer.status !== 422 || action !== "correct") tell(answer.error);
    return answer;
  }

  function conflict(key, action, fields) { // both stand in the log; the person says which holds
    const row = rows.get(key);
    reading.choose(key);
    const box = element("div", undefined, { className: "note conflict" });
    box.setAttribute("role", "alert");
    const mine = fields ? Object.entries(fields).filter(([name, value]) => shown(row.fields[name]) !== value).map(([name, value]) => `${name.replaceAll("_", " ")}: ${value || "empty"}`).join("; ") : "";
    box.append(element("p", `You decided on this row in another window since (${MARKS[row.status]}). Nothing is lost: it stands as below. Here you chose “${action}”${mine ? ` with ${mine}` : ""}.`));
    const again = element("button", "Put this one in its place", { type: "button", className: "primary" }), keep = element("button", "Keep the other one", { type: "button" });
    again.addEventListener("click", async () => { await decide(key, action, fields); reading.choose(key); });
    keep.addEventListener("click", () => reading.choose(key));
    box.append(again, " ", keep);
    reading.inspector.querySelector(".inspector-body").prepend(box);
  }

  function isSaid(row, action) { // whether the own decision on a row is this one already
    const own = desk.role !== "adjudicator" || row.adjudicated;
    return own && !row.remark && row.status === { accept: "accepted", reject: "rejected" }[action];
  }

  async function decideAndGo(key, action) { // on at once; back where it could not be kept
    if (pending.has(key)) return;
    if (isSaid(rows.get(key), action)) { next(key, action); return; }
    pending.add(key);
    const sending = decide(key, action);
    next(key, action);
    const answer = await sending;
    pending.delete(key);
    if (!answer || reading.isOccupied()) return;
    if (answer.status !== 200 && answer.status !== 409) reading.choose(key, { focus: true });
    else if (reading.chosen === key) reading.choose(key, { scroll: false });
  }

  function next(key, action) { // the following row that is still open, else the same one
    const panel = reading.load(document.querySelector(`.panel[data-panel="${rows.get(key).table}"]`));
    const list = reading.rowsIn(panel).map((each) => each.element).filter((each) => !each.hidden && each.matches(".row"));
    const at = list.findIndex((each) => each.dataset.record === key);
    const waiting = (each) => ["open", "disputed"].includes(each.dataset.status) && !pending.has(each.dataset.record);
    const following = list.slice(at + 1).find(waiting) || list.slice(0, Math.max(at, 0)).find(waiting);
    reading.choose(following ? following.dataset.record : key, { focus: true });
    reading.say(following ? `${key}: ${action || MARKS[rows.get(key).status]}; next ${following.dataset.record}` : "Every row of this table is decided.");
    if (!following) tell("Every row of this table is decided.");
  }

  function deciding(row) {
    const bar = element("div", undefined, { className: "deciding" });
    const button = (text, key, className, call) => {
      const made = element("button", text, { type: "button", className });
      made.append(" ", element("kbd", key));
      made.setAttribute("aria-keyshortcuts", key);
      made.addEventListener("click", call);
      bar.append(made);
    };
    button("✓ Accept", "a", "accept", () => decideAndGo(row.key, "accept"));
    button("✎ Correct", "c", "correct", () => correct(row.key));
    button("✕ Reject", "x", "reject", () => decideAndGo(row.key, "reject"));
    return bar;
  }

  function compared(row) { // what each reviewer says, beside the program
    const box = element("div");
    const take = element("div", undefined, { className: "deciding" });
    for (const each of row.others) {
      const made = element("button", each.action === "reject" ? `${each.reviewer} rejects it` : `Take ${each.reviewer}’s`, { type: "button" });
      made.addEventListener("click", async () => {
        const isSame = !each.differs.length && row.machine;
        const action = each.action === "reject" ? "reject" : isSame || !row.machine ? "accept" : "correct";
        const fields = action === "correct" ? Object.fromEntries(each.differs.map((name) => [name, shown(each.fields[name])])) : null;
        const answer = await decide(row.key, action, fields);
        if (answer && answer.status === 200) next(row.key);
      });
      take.append(made);
    }
    const table = element("table", undefined, { className: "compared" });
    const head = table.createTHead().insertRow();
    for (const name of ["field", row.machine ? "program" : "added", ...row.others.map((each) => `${each.reviewer}: ${each.action}`), ...(row.adjudicated ? ["adjudicated"] : [])]) head.append(element("th", name, { scope: "col" }));
    const body = table.createTBody();
    for (const name of Object.keys(row.fields)) {
      const values = [shown((row.machine || row.fields)[name]), ...row.others.filter((each) => each.action !== "reject").map((each) => shown(each.fields[name])), ...(row.adjudicated ? [shown(row.fields[name])] : [])];
      if (values.every((value) => value === "")) continue;
      const added = body.insertRow();
      added.append(element("th", name.replaceAll("_", " "), { scope: "row" }));
      const cells = values.map((value) => element("td", value || "–"));
      row.others.forEach((each, at) => { if (each.action === "reject") cells.splice(at + 1, 0, element("td", "")); });
      added.append(...cells);
      if (new Set(values).size > 1) added.className = "differs";
    }
    box.append(take, table);
    return box;
  }

  function edit(made, title, send) {
    reading.open(title, [made]);
    const first = made.querySelector("input, select");
    if (first) first.focus();
    made.addEventListener("input", () => { made.dataset.typed = "yes"; });
    made.querySelector(".cancel").addEventListener("click", () => { if (reading.chosen) reading.choose(reading.chosen, { focus: true }); else reading.close(); });
    made.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (made.dataset.sent) return; // pressed twice
      made.dataset.sent = "yes";
      made.querySelectorAll("[aria-invalid]").forEach((box) => box.removeAttribute("aria-invalid"));
      const answer = await send();
      delete made.dataset.sent;
      if (answer && answer.status === 422) problem(made, answer.error);
    });
  }

  function correct(key) {
    const row = rows.get(key), fields = desk.forms[row.table];
    const made = form(fields, row.fields, { title: "Correct this row", button: "Save", labels: row.table === "mentions" ? desk.labels : null });
    edit(made, `${key} · correct`, async () => {
      const values = typed(made, fields), base = row.machine || row.fields;
      const changed = Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== shown(base[name])));
      if (!row.machine && !Object.keys(changed).length) { reading.choose(key); return null; }
      const answer = Object.keys(changed).length ? await decide(key, "correct", changed) : await decide(key, "accept");
      if (answer && answer.status === 200) next(key);
      return answer;
    });
  }

  /* Adding a row from selected words */
  function selection() {
    const chosen = getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed) return null;
    const range = chosen.getRangeAt(0);
    const [start, end] = ends(range);
    return start === null || end === null || start >= end ? null : [start, end, range.toString()];
  }

  function ends(range) { // three clicks select to the beginning of the next block, which may be no place of the text
    const inside = [...reading.leaves()].filter((leaf) => range.intersectsNode(leaf));
    if (!inside.length) return [null, null];
    const first = inside[0], last = inside[inside.length - 1], at = (leaf) => Number(leaf.dataset.at);
    const start = reading.offset(range.startContainer, range.startOffset) ?? at(first);
    return [start, reading.offset(range.endContainer, range.endOffset) ?? at(last) + last.textContent.length];
  }

  function add(table, [start, end, words]) {
    adding.hidden = true;
    const fields = desk.forms[table], names = { outcomes: "result", dosing: "dose", trials: "trial", mentions: "word" };
    const made = form(fields, guess(table, words), { title: `Add a ${names[table]}: “${words.trim()}”`, button: "Add", labels: table === "mentions" ? desk.labels : null });
    reading.paint("chosen", [[start, end]]);
    edit(made, `a ${names[table]} that the program missed`, () => change(async () => {
      const filled = Object.fromEntries(Object.entries(typed(made, fields)).filter(([, value]) => value !== ""));
      const answer = await sent("decisions", { table, action: "add", start, end, fields: filled });
      if (answer.status === 200) {
        take(answer);
        reading.tab(table);
        const added = answer.rows[0];
        if (added) reading.choose(added.key, { focus: true });
      } else if (answer.status !== 422) problem(made, answer.error);
      return answer;
    }));
  }

  function offer() {
    const found = selection();
    adding.hidden = !found;
    if (!found) return;
    const box = getSelection().getRangeAt(0).getBoundingClientRect();
    adding.style.left = `${Math.max(8, Math.min(box.left, innerWidth - 330))}px`;
    adding.style.top = `${Math.max(8, Math.min(box.bottom + 8, innerHeight - 60))}px`;
  }

  document.addEventListener("selectionchange", () => { if (!getSelection().toString().trim()) adding.hidden = true; });
  reading.text.addEventListener("mouseup", () => setTimeout(offer));
  reading.text.addEventListener("keyup", offer);
  adding.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
  adding.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add]"), found = selection();
    if (button && found) add(button.dataset.add, found);
  });

  /* Undo, done, other windows, agreement, keys */
  function step(name) {
    return change(async () => {
      const answer = await sent(name, {});
      if (answer.status !== 200) { tell(answer.error); return; }
      take(answer);
      tell(answer.nothing ? `There is nothing to ${name}.` : "");
      const row = answer.rows[0];
      if (row) { reading.panelOf(row.key); reading.choose(row.key, { focus: true }); }
    });
  }
  document.getElementById("undo").addEventListener("click", () => step("undo"));
  document.getElementById("redo").addEventListener("click", () => step("redo"));

  const finish = document.getElementById("finish");
  if (finish) finish.addEventListener("click", () => change(async () => {
    const answer = await sent("finished", { finished: finish.getAttribute("aria-pressed") !== "true" });
    if (answer.status === 200) finish.setAttribute("aria-pressed", answer.finished); else tell(answer.error);
  }));

  let isLooking = false;
  setInterval(() => {
    if (document.hidden || isLooking) return;
    isLooking = true;
    inTurn(async () => {
      const asked = new URLSearchParams({ role: desk.role, version: desk.version, reviewer: desk.reviewer, source: desk.source });
      const answer = await sent(`changes?${asked}`);
      if (answer.status === 412) tell(answer.error);
      if (answer.status === 200 && answer.rows) {
        take(answer);
        if (reading.chosen && !reading.isOccupied()) reading.choose(reading.chosen, { scroll: false });
      }
    }).finally(() => { isLooking = false; });
  }, POLL);

  addEventListener("beforeunload", (event) => { // what is on its way or half typed would be gone
    const made = reading.inspector.hidden ? null : reading.inspector.querySelector("form");
    if (waiting || (made && made.dataset.typed)) event.preventDefault();
  });

  async function agreement() {
    const box = document.querySelector(".agreement");
    try {
      const answer = await fetch(`${desk.address}/agreement`, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      box.replaceChildren(...page.body.childNodes);
    } catch { box.replaceChildren(element("p", "The desk did not answer; choose this tab again.", { className: "none" })); }
  }
  reading.root.addEventListener("click", (event) => {
    const tab = event.target.closest('[role="tab"]'), go = event.target.closest("[data-go]");
    if (tab && tab.dataset.panel === "agreement") agreement();
    if (go && rows.has(go.dataset.go)) { reading.panelOf(go.dataset.go); reading.choose(go.dataset.go, { focus: true }); }
  });

  document.getElementById("theme").addEventListener("click", theme);
  const keys = document.getElementById("keys");
  document.getElementById("help").addEventListener("click", () => keys.showModal());

  function ownKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, dialog[open]")) return false;
    const key = reading.chosen && rows.has(reading.chosen) ? reading.chosen : null;
    const actions = {
      a: key && (() => decideAndGo(key, "accept")),
      c: key && (() => correct(key)),
      x: key && (() => decideAndGo(key, "reject")),
      u: () => step("undo"),
      U: () => step("redo"),
      i: () => {
        const known = reading.mention && reading.data.mentions[reading.mention.dataset.m.split(" ")[0]];
        const found = selection() || (known && [known[1], known[2], reading.words(known[1], known[2])]);
        if (found) add("outcomes", found); else tell("Select words of the text, or go to a marked word with n, then press i.");
      },
      "?": () => keys.showModal(),
    };
    if (!actions[event.key]) return false;
    if (event.repeat) return true; // a key that is held decides on one row, not on all
    const box = "acxi".includes(event.key) && !reading.inspector.hidden && reading.inspector.querySelector(".conflict button");
    if (box) box.focus(); else actions[event.key]();
    return true;
  }
  document.addEventListener("keydown", (event) => { if (ownKey(event) || reading.key(event)) event.preventDefault(); });

  progress(desk.rows.reduce((counts, row) => {
    const count = (counts[row.table] ??= { rows: 0, done: 0 });
    count.rows += 1;
    if (!["open", "disputed"].includes(row.status)) count.done += 1;
    return counts;
  }, {}));
})();
