// Full-text search of one reader's folder; the index is read when the field is used first.
(function () {
  "use strict";
  var MOST = 40, AROUND = 90;
  var form = document.getElementById("search");
  if (!form) return;
  var field = document.getElementById("search-words");
  var panel = document.getElementById("search-found");
  var list = panel.querySelector("ol");
  var status = document.getElementById("search-count");
  var passages = null, loading = false;

  // ── the index ──

  function load() {
    if (loading) return;
    loading = true;
    var script = document.createElement("script");
    script.src = form.dataset.up + "site/search-index.js";
    script.addEventListener("load", function () {
      var index = window.csstrainIndex;
      passages = index.passages.map(function (each) {
        var page = index.pages[each[0]];
        return {
          href: form.dataset.up + page[0] + (each[1] ? "#" + each[1] : ""),
          page: page[1], title: each[2] || page[1], words: each[3],
          plainPage: plain(page[1]), plainTitle: plain(each[2]), plainWords: plain(each[3])
        };
      });
      search();
    });
    script.addEventListener("error", function () { status.textContent = "The index of this folder is missing."; });
    document.head.appendChild(script);
  }

  // As long as the text that it is made of, so that what is found in one is at its place in the other.
  function plain(text) {
    return Array.from(text).map(function (letter) {
      var bare = letter.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
      return bare.length === letter.length ? bare : letter;
    }).join("");
  }

  // ── finding ──

  function pattern(word) {
    var safe = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return new RegExp("(^|[^\\p{L}\\p{N}])" + safe + "(?=([\\p{L}\\p{N}])?)", "gu");
  }

  // How well a text holds a word: 0 not at all, 1 as the beginning of a word, 2 as a whole one.
  function fit(text, sought) {
    sought.lastIndex = 0;
    var best = 0, found;
    while (best < 2 && (found = sought.exec(text))) best = found[2] ? 1 : 2;
    return best;
  }

  function count(text, sought) {
    var found = text.match(sought);
    return found ? Math.min(found.length, 5) : 0;
  }

  // Every word has to be there. In a heading it weighs most, and a whole word more than a part.
  function score(passage, patterns) {
    var sum = 0;
    for (var n = 0; n < patterns.length; n += 1) {
      var title = fit(passage.plainTitle, patterns[n]);
      var page = fit(passage.plainPage, patterns[n]);
      var words = fit(passage.plainWords, patterns[n]);
      if (!title && !words && !page) return 0;
      if (!title && !words && page && passage.plainTitle !== passage.plainPage) return 0;
      sum += 30 * title + 4 * page + 6 * words + count(passage.plainWords, patterns[n]);
    }
    if (patterns.length && passage.plainTitle.trim() === patterns.asked) sum += 60;
    return sum;
  }

  function search() {
    var asked = plain(field.value).trim();
    var words = asked.split(/\s+/).filter(Boolean);
    if (!words.length) { close(); return; }
    if (!passages) { load(); return; }
    var patterns = words.map(pattern);
    patterns.asked = asked;
    var found = [];
    passages.forEach(function (passage, place) {
      var value = score(passage, patterns);
      if (value) found.push({ passage: passage, value: value, place: place });
    });
    found.sort(function (a, b) { return b.value - a.value || a.place - b.place; });
    list.textContent = "";
    found.slice(0, MOST).forEach(function (each) { list.appendChild(item(each.passage, patterns)); });
    panel.hidden = false;
    var more = found.length > MOST ? ", the best " + MOST + " shown" : "";
    status.textContent = found.length === 0 ? "Nothing found" :
      found.length + (found.length === 1 ? " result" : " results") + more;
  }

  // ── showing ──

  function item(passage, patterns) {
    var link = document.createElement("a");
    link.href = passage.href;
    var title = part("span", "found-title");
    marked(title, passage.title, passage.plainTitle || passage.plainPage, patterns);
    link.appendChild(title);
    if (passage.title !== passage.page) {
      var page = part("span", "found-page");
      page.textContent = passage.page;
      link.appendChild(page);
    }
    var place = first(passage.plainWords, patterns);
    var start = place < AROUND ? 0 : passage.words.indexOf(" ", place - AROUND) + 1;
    var end = passage.words.indexOf(" ", Math.max(place, start) + 2 * AROUND);
    if (end < 0) end = passage.words.length;
    var text = part("span", "found-text");
    if (start > 0) text.appendChild(document.createTextNode("… "));
    marked(text, passage.words.slice(start, end), passage.plainWords.slice(start, end), patterns);
    if (end < passage.words.length) text.appendChild(document.createTextNode(" …"));
    if (text.textContent) link.appendChild(text);
    var made = document.createElement("li");
    made.appendChild(link);
    return made;
  }

  function part(name, kind) {
    var made = document.createElement(name);
    made.className = kind;
    return made;
  }

  function first(text, patterns) {
    var places = patterns.map(function (sought) {
      sought.lastIndex = 0;
      var found = sought.exec(text);
      return found ? found.index : Infinity;
    });
    var least = Math.min.apply(null, places);
    return least === Infinity ? 0 : least;
  }

  // The text with what was sought in it marked; only ever as text, never as HTML.
  function marked(into, text, bare, patterns) {
    var spans = [];
    patterns.forEach(function (sought) {
      var found;
      sought.lastIndex = 0;
      while ((found = sought.exec(bare))) {
        spans.push([found.index + found[1].length, found.index + found[0].length]);
      }
    });
    spans.sort(function (a, b) { return a[0] - b[0] || b[1] - a[1]; });
    var at = 0;
    spans.forEach(function (span) {
      if (span[0] < at) return;
      into.appendChild(document.createTextNode(text.slice(at, span[0])));
      var mark = document.createElement("mark");
      mark.textContent = text.slice(span[0], span[1]);
      into.appendChild(mark);
      at = span[1];
    });
    into.appendChild(document.createTextNode(text.slice(at)));
  }

  function close() {
    panel.hidden = true;
    status.textContent = "";
  }

  // ── keys ──

  function links() { return Array.prototype.slice.call(list.querySelectorAll("a")); }

  function move(way) {
    var all = links();
    var at = all.indexOf(document.activeElement);
    var next = at + way;
    if (next < 0) field.focus();
    else if (next < all.length) all[next].focus();
  }

  form.addEventListener("keydown", function (event) {
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Escape") { field.focus(); close(); }
    else return;
    event.preventDefault();
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var all = links();
    if (!panel.hidden && all.length) all[0].focus();
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!window.csstrainKeys() || event.target.closest("input, select, textarea")) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
  document.addEventListener("click", function (event) {
    if (!form.contains(event.target) || event.target.closest("#search-found a")) close();
  });
  form.addEventListener("focusout", function (event) {
    if (event.relatedTarget && !form.contains(event.relatedTarget)) close();
  });
  field.addEventListener("focus", function () { load(); if (field.value) search(); });
  field.addEventListener("input", search);
})();
