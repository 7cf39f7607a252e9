/* A review's page: its data, where offsets of the text (in UTF-16) stand on it, and parts that come later. */
(() => {
  "use strict";

  class Places {
    constructor(root, pieces = null) {
      this.root = root;
      this.pieces = pieces;
      this.text = root.querySelector(".text");
    }

    get data() { return (this._data ??= JSON.parse(this.read(this.root.querySelector(".review-data")))); }

    read(script) { return script.dataset.piece === undefined ? script.textContent : this.pieces[script.dataset.piece]; }

    leaves() {
      if (!this._leaves) {
        this.load(this.text);
        this._leaves = [...this.text.querySelectorAll("[data-at]")];
        this._starts = this._leaves.map((leaf) => Number(leaf.dataset.at));
      }
      return this._leaves;
    }

    leafAt(offset) {
      this.leaves();
      let low = 0, high = this._starts.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this._starts[middle] <= offset) low = middle + 1; else high = middle;
      }
      return low ? this._leaves[low - 1] : null;
    }

    point(offset, isEnd) {
      const leaf = this.leafAt(isEnd ? offset - 1 : offset);
      if (!leaf) return null;
      let left = offset - Number(leaf.dataset.at), last = null;
      const walker = document.createTreeWalker(leaf, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        last = walker.currentNode;
        if (isEnd ? left <= last.length : left < last.length) return [last, left];
        left -= last.length;
      }
      return last ? [last, last.length] : null;
    }

    range(start, end) {
      const from = this.point(start, false), to = this.point(end, true);
      if (!from || !to) return null;
      const range = document.createRange();
      range.setStart(...from);
      range.setEnd(...to);
      return range;
    }

    offset(node, at) { // where a point of the page stands in the text, null outside of it
      const leaf = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-at]");
      if (!leaf || !this.text.contains(leaf)) return null;
      const before = document.createRange();
      before.setStart(leaf, 0);
      before.setEnd(node, at);
      return Number(leaf.dataset.at) + before.toString().length;
    }

    paint(name, spans) {
      if (!globalThis.CSS || !CSS.highlights) return;
      const ranges = spans.map(([start, end]) => this.range(start, end)).filter(Boolean);
      CSS.highlights.set(name, new Highlight(...ranges));
    }

    words(start, end) { const range = this.range(start, end); return range ? range.toString().replace(/\s+/g, " ") : ""; }

    /* Parts that become part of the page when they are needed, or when there is time */
    insert(part) {
      const panel = part.closest(".panel"), template = document.createElement("template");
      template.innerHTML = this.read(part); // made by the program, with everything from the document escaped
      part.replaceWith(template.content);
      if (!panel) this._leaves = null; else { this.forget(panel); if (this.chosen) this.setChosen(this.chosen, true); }
    }

    load(scope) {
      scope.querySelectorAll("script.later").forEach((part) => this.insert(part));
      return scope;
    }

    loadSome(panel) { // what is seen first at once, the rest when there is time
      const until = performance.now() + 30;
      for (const part of panel.querySelectorAll("script.later")) {
        this.insert(part);
        if (performance.now() > until) break;
      }
      return panel;
    }

    loadLater() {
      const idle = globalThis.requestIdleCallback || ((call) => setTimeout(call, 30));
      const step = () => {
        const part = this.root.querySelector(".panel:not([hidden]) script.later") || this.text.querySelector("script.later") || this.root.querySelector("script.later");
        if (!part) return;
        this.insert(part);
        const panel = this.root.querySelector(".panel:not([hidden])");
        if (this.wanted.version) this.applyFilter(panel);
        idle(step);
      };
      idle(step);
    }
  }

  globalThis.extractPlaces = Places;
})();
