/* What the review desk does beside its rows: talking to the server, guessing what selected words say, progress. */
(() => {
  "use strict";

  function talk(desk) { // asks the desk about this review, for this person
    async function ask(path, body) {
      const options = { headers: { Accept: "application/json" }, credentials: "same-origin" };
      if (body) Object.assign(options, { method: "POST", body: JSON.stringify({ role: desk.role, reviewer: desk.reviewer, source: desk.source, ...body }) });
      if (body) Object.assign(options.headers, { "Content-Type": "application/json", "X-CSRF-Token": desk.csrf });
      const answer = await fetch(`${desk.address}/${path}`, options);
      const said = await answer.json().catch(() => ({ error: `The desk answered with an error (${answer.status}).` }));
      return { status: answer.status, ...said };
    }

    return async (path, body) => { // an answer, or what to tell where there is none
      try { return await ask(path, body); } catch { return { status: 0, error: "The desk cannot be reached. What you typed is still here; try again." }; }
    };
  }

  function guess(table, words) { // what the words themselves say
    const number = /-?\d+(?:\.\d+)?/.exec(words), values = {};
    if (table === "outcomes") {
      if (/%/.test(words)) Object.assign(values, { statistic: "percent", unit: "%" });
      if (number) values.value = number[0];
    } else if (table === "dosing" && number) {
      Object.assign(values, { value: number[0], unit: words.slice(number.index + number[0].length).trim() });
    } else if (table === "trials") values.id = words.trim();
    return values;
  }

  function progress(counts) {
    let done = 0, all = 0;
    for (const [table, { rows: number, done: ready }] of Object.entries(counts)) {
      const count = document.querySelector(`[data-progress="${table}"]`);
      if (count) count.textContent = `${ready}/${number}`;
      if (table !== "mentions") { done += ready; all += number; }
    }
    const bar = document.querySelector("progress.overall");
    bar.max = all || 1;
    bar.value = done;
    bar.textContent = `${done} of ${all}`;
    bar.title = `${done} of ${all} results, doses and trials decided`;
  }

  function tell(message) {
    const told = document.getElementById("told");
    told.textContent = message;
    told.classList.toggle("shown", Boolean(message));
  }

  globalThis.extractDesk = { talk, guess, progress, tell };
})();
