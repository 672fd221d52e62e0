// What every page can do: be dark or light, and have single keys or not, remembered; give wide
// tables a box of their own to scroll in.
(function () {
  "use strict";
  var root = document.documentElement;
  var dark = document.getElementById("dark");
  var system = window.matchMedia("(prefers-color-scheme: dark)");

  // Browsers that let a file remember nothing throw; then nothing is remembered.
  function kept(key, value) {
    try {
      if (value === undefined) return localStorage.getItem("csstrain-" + key);
      localStorage.setItem("csstrain-" + key, value);
    } catch (fault) { /* see above */ }
    return null;
  }

  var theme = kept("theme"); // "dark", "light", or as the system has it
  var keys = kept("keys") !== "off";

  function isDark() { return theme ? theme === "dark" : system.matches; }

  function show() {
    dark.media = isDark() ? "screen" : "not all";
    root.dataset.theme = isDark() ? "dark" : "light";
    var button = document.getElementById("theme");
    if (button) button.setAttribute("aria-pressed", String(isDark()));
    var other = document.getElementById("keys");
    if (other) other.setAttribute("aria-pressed", String(keys));
  }

  // Tables that take another shape on a small screen need none.
  function box() {
    document.querySelectorAll("main table:not(.steps, .summary)").forEach(function (table) {
      if (table.closest(".scroll")) return;
      var made = document.createElement("div");
      made.className = "scroll";
      table.before(made);
      made.append(table);
    });
  }

  // A box that scrolls is reached by keys and has a name; one that does not is nothing to stop at.
  function reach() {
    document.querySelectorAll(".scroll, .week-box").forEach(function (each) {
      each.toggleAttribute("data-wide", each.scrollWidth > each.clientWidth + 1);
      if (!each.hasAttribute("data-wide")) return each.removeAttribute("tabindex");
      each.tabIndex = 0;
      if (each.hasAttribute("role")) return;
      each.setAttribute("role", "group");
      each.setAttribute("aria-label", heading(each));
    });
  }

  function heading(place) {
    var caption = place.querySelector("caption, title");
    if (caption) return caption.textContent.trim();
    var before = Array.prototype.filter.call(document.querySelectorAll("main h1, main h2, main h3"),
      function (each) { return each.compareDocumentPosition(place) & Node.DOCUMENT_POSITION_FOLLOWING; });
    return before.length ? before[before.length - 1].textContent.trim() : "Table";
  }

  window.csstrainKeys = function () { return keys; };

  show();
  if (system.addEventListener) system.addEventListener("change", show);
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll(".needs-script").forEach(function (each) { each.hidden = false; });
    document.getElementById("theme").addEventListener("click", function () {
      theme = isDark() ? "light" : "dark";
      kept("theme", theme);
      show();
    });
    var button = document.getElementById("keys");
    if (button) {
      button.addEventListener("click", function () {
        keys = !keys;
        kept("keys", keys ? "on" : "off");
        show();
      });
    }
    box();
    reach();
    var waiting = 0;
    window.addEventListener("resize", function () {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(reach);
    });
    // What stands on paper only is nothing to go to.
    document.querySelectorAll(".here a").forEach(function (link) {
      var target = document.getElementById(link.hash.slice(1));
      link.parentElement.hidden = !!target && !!target.closest(".paper-only");
    });
    var menu = document.getElementById("menu");
    var wide = window.matchMedia("(min-width: 62.0625rem)");
    function fold() { if (menu) menu.open = wide.matches; }
    fold();
    if (wide.addEventListener) wide.addEventListener("change", fold);
    show();
  });
})();
