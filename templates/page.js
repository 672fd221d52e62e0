// What every page can do: be dark or light, remembered; have single keys on or off, remembered.
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
    var menu = document.getElementById("menu");
    var wide = window.matchMedia("(min-width: 62.0625rem)");
    function fold() { if (menu) menu.open = wide.matches; }
    fold();
    if (wide.addEventListener) wide.addEventListener("change", fold);
    show();
  });
})();
