// The coverage table: shows the rows that are asked for, in the order that is asked for.
(function () {
  "use strict";
  var table = document.getElementById("matrix");
  var form = document.getElementById("filters");
  var count = document.getElementById("count");
  if (!table || !form || !count) return;

  var body = table.tBodies[0];
  var rows = Array.prototype.slice.call(body.rows);
  var words = rows.map(function (row) { return plain(row.textContent); });
  var text = document.getElementById("filter-text");
  var status = document.getElementById("filter-status");
  var module = document.getElementById("filter-module");
  var gaps = document.getElementById("filter-gaps");
  var sorted = "";

  function plain(written) {
    return written.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }

  function filter() {
    var asked = plain(text.value).split(/\s+/).filter(Boolean);
    var shown = 0;
    rows.forEach(function (row, place) {
      var fits = (!status.value || row.dataset.status === status.value) &&
        (!module.value || row.dataset.modules.split(" ").indexOf(module.value) >= 0) &&
        (!gaps.checked || row.dataset.gap !== "0") &&
        asked.every(function (word) { return words[place].indexOf(word) >= 0; });
      row.hidden = !fits;
      if (fits) shown += 1;
    });
    say(shown);
  }

  function say(shown) {
    var all = shown === rows.length ? "" : " of " + rows.length;
    count.textContent = shown + all + " KSAs" + (sorted ? ", " + sorted : "");
  }

  // Numbers begin with the largest, the order of the content with the first.
  function sort(head) {
    var key = head.dataset.sort;
    var before = head.getAttribute("aria-sort");
    var way = before ? (before === "ascending" ? "descending" : "ascending")
      : key === "order" ? "ascending" : "descending";
    table.querySelectorAll("th[aria-sort]").forEach(function (each) {
      each.removeAttribute("aria-sort");
    });
    head.setAttribute("aria-sort", way);
    var sign = way === "ascending" ? 1 : -1;
    rows.slice().sort(function (one, other) {
      var a = one.dataset[key], b = other.dataset[key];
      if (a === b) return one.dataset.order - other.dataset.order;
      if (a === "" || b === "") return a === "" ? 1 : -1; // what has no number comes last
      return sign * (a - b);
    }).forEach(function (row) { body.appendChild(row); });
    sorted = "sorted by " + head.textContent.trim().toLowerCase() + ", " +
      (key === "order" ? (sign > 0 ? "first to last" : "last to first")
        : (sign > 0 ? "smallest first" : "largest first"));
    say(rows.filter(function (row) { return !row.hidden; }).length);
  }

  table.querySelectorAll("th[data-sort]").forEach(function (head) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", function () { sort(head); });
    head.textContent = "";
    head.appendChild(button);
  });
  form.addEventListener("input", filter);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("reset", function (event) {
    event.preventDefault();
    text.value = status.value = module.value = "";
    gaps.checked = false;
    filter();
  });
  form.hidden = false;
  filter(); // a browser that goes back may have kept what was asked for
})();
