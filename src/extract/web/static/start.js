// The start page: files are sent one by one, and what is in work is told until it has ended.
(() => {
  "use strict";
  const PAUSE = 1000; // milliseconds between two looks at what is in work
  const STATES = { sending: "Sending", queued: "Waits", reading: "Reading", done: "Done", failed: "Failed" };
  const form = document.getElementById("upload");
  const input = document.getElementById("files");
  const work = document.getElementById("work");
  const list = document.getElementById("jobs");
  const said = document.getElementById("said");
  const token = document.querySelector('meta[name="csrf"]').content;
  const limit = Number(form.dataset.limit);
  const known = new Map(); // number of a job: its state when it was last told
  let isAsking = false;
  let sending = 0;

  const ask = async (address, options = {}) => {
    const response = await fetch(address, {
      ...options,
      headers: { Accept: "application/json", "X-CSRF-Token": token },
    });
    const answer = await response.json();
    if (!response.ok) throw new Error([answer.error, answer.advice].filter(Boolean).join(" "));
    return answer;
  };

  const element = (name, className, text) => {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  };

  const line = (job) => {
    const made = document.createElement("li");
    made.dataset.state = job.state === "sending" ? "queued" : job.state;
    if (job.number) made.dataset.job = job.number;
    const name = element("span", "job-name", job.address && job.state === "done" ? "" : job.name);
    if (!name.textContent) {
      const link = element("a", "", job.name);
      link.href = job.address;
      name.append(link);
    }
    const message = [job.message, job.advice].filter(Boolean).join(" – ");
    made.append(element("span", "job-state", STATES[job.state]), name, element("span", "job-message", message));
    return made;
  };

  const tell = (id, text) => {
    const place = document.getElementById(id);
    place.textContent = text;
    place.hidden = !text;
  };

  const show = (report) => {
    work.hidden = !(report.jobs.length || report.said || report.problem || sending);
    const local = [...list.querySelectorAll("li:not([data-job])")];
    list.replaceChildren(...local, ...report.jobs.map(line));
    tell("remark", report.said);
    tell("problem", report.problem);
    const ended = report.jobs.filter((job) => ["done", "failed"].includes(job.state) && known.get(job.number) !== job.state);
    if (ended.length) {
      said.textContent = ended.map((job) => `${job.name}: ${STATES[job.state]}. ${job.message}`).join(" ");
    }
    report.jobs.forEach((job) => known.set(job.number, job.state));
    return ended.length > 0;
  };

  const renew = async () => {
    const response = await fetch(location.href);
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.getElementById("reviews");
    const old = document.getElementById("reviews");
    if (!fresh) return;
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const list = document.importNode(fresh, true);
    old.replaceWith(list);
    if (!focused) return;
    const isSame = (each) => each.getAttribute("href") === focused.getAttribute("href") && each.value === focused.value;
    [...list.querySelectorAll(focused.tagName)].find(isSame)?.focus({ preventScroll: true });
  };

  const watch = async () => {
    if (isAsking) return;
    isAsking = true;
    try {
      for (;;) {
        const report = await ask("/jobs");
        const hasEnded = show(report);
        if (hasEnded || !report.busy) await renew();
        if (!report.busy && !sending) return;
        await new Promise((go) => setTimeout(go, PAUSE));
      }
    } catch (error) {
      tell("problem", `The desk does not answer (${error.message}). Is it still running?`);
      work.hidden = false;
    } finally {
      isAsking = false;
    }
  };

  const send = async (file) => {
    const shown = line({ name: file.name, state: "sending", message: "", advice: "" });
    list.prepend(shown);
    work.hidden = false;
    const refuse = (reason) => {
      const refused = line({ name: file.name, state: "failed", message: reason, advice: "" });
      shown.replaceWith(refused);
      said.textContent = `${file.name}: ${reason}`;
    };
    if (file.size > limit) {
      refuse(`larger than ${Math.floor(limit / 1e6)} MB`);
      return;
    }
    const body = new FormData();
    body.append("files", file);
    try {
      await ask("/papers", { method: "POST", body });
      shown.remove();
    } catch (error) {
      refuse(error.message);
    }
  };

  const sendAll = async (files) => {
    sending += 1;
    said.textContent = files.length === 1 ? `Sending ${files[0].name}` : `Sending ${files.length} files`;
    for (const file of files) {
      await send(file);
      watch();
    }
    sending -= 1;
    watch();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const files = [...input.files];
    form.reset();
    sendAll(files);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") !== "/runs") return;
    event.preventDefault();
    const body = new FormData(event.target);
    body.set("which", event.submitter.value);
    ask("/runs", { method: "POST", body }).then(watch, (error) => tell("problem", error.message));
  });
  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      form.classList.add("over");
    });
  }
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) form.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    form.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    sendAll([...event.dataTransfer.files]);
  });
  document.querySelectorAll("#jobs li").forEach((each) => known.set(Number(each.dataset.job), each.dataset.state));
  if (work.dataset.busy === "yes") watch();
})();
