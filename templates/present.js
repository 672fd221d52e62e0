// The clock in the room: one activity at a time, its steps, and how much time each has left.
(function () {
  "use strict";
  var slots = Array.prototype.slice.call(document.querySelectorAll(".slot"));
  var clock = document.getElementById("clock");
  var controls = document.getElementById("controls");
  if (!slots.length || !clock || !controls) return;

  var KEY = "csstrain-clock:" + location.pathname;
  var steps = slots.map(function (slot) {
    return Array.prototype.slice.call(slot.querySelectorAll(".at-step"));
  });
  // Milliseconds gone: of each activity, and of each of its steps (one where it has none).
  var gone = slots.map(function () { return 0; });
  var stepGone = steps.map(function (each) { return each.map(function () { return 0; }); });
  var at = 0, step = 0, since = null; // `since`: when the clock was last read while it runs
  var told = {};
  var awake = null;

  function id(name) { return document.getElementById(name); }

  // ── what is remembered until the tab is closed ──

  function keep() {
    try {
      sessionStorage.setItem(KEY, JSON.stringify({
        at: at, step: step, since: since, gone: gone, stepGone: stepGone
      }));
    } catch (fault) { /* where nothing may be stored, nothing is remembered */ }
  }

  function recall() {
    try {
      var kept = JSON.parse(sessionStorage.getItem(KEY));
      var same = kept && kept.gone.length === gone.length && kept.stepGone.every(
        function (each, place) { return each.length === stepGone[place].length; });
      if (!same) return;
      at = kept.at; step = kept.step; since = kept.since;
      gone = kept.gone; stepGone = kept.stepGone;
    } catch (fault) { /* the same */ }
  }

  // ── time ──

  function read() {
    if (since === null) return;
    var now = Date.now();
    gone[at] += now - since;
    if (steps[at].length) stepGone[at][step] += now - since;
    since = now;
  }

  function text(milliseconds) {
    var seconds = Math.floor(milliseconds / 1000);
    var rest = String(seconds % 60);
    return Math.floor(seconds / 60) + ":" + (rest.length < 2 ? "0" + rest : rest);
  }

  function day(minutes) {
    var rest = String(minutes % 60);
    return Math.floor(minutes / 60) % 24 + ":" + (rest.length < 2 ? "0" + rest : rest);
  }

  // Told by a shape and a word as well as by a color.
  function state(left, all) {
    if (left < 0) return { name: "over", sign: "■", word: "over" };
    if (left <= all * 0.2) return { name: "short", sign: "▲", word: "20 % left" };
    return { name: "fine", sign: "●", word: "on time" };
  }

  function watch(name, label, spent, minutes) {
    var box = id("watch-" + name);
    var shown = box.querySelector(".watch-left");
    var word = box.querySelector(".watch-state");
    var all = minutes * 60000;
    var bar = box.querySelector(".watch-bar");
    bar.max = all || 1;
    bar.value = Math.min(spent, all);
    put(box.querySelector(".watch-gone"), text(spent) + " gone" + (all ? " of " + minutes + " min" : ""));
    if (!all) {
      box.dataset.state = "none";
      put(shown, text(spent));
      put(word, "no minutes set");
      return;
    }
    var left = all - spent;
    var now = state(left, all);
    put(shown, (left < 0 ? "+" : "") + text(left < 0 ? -left : Math.ceil(left / 1000) * 1000));
    put(word, now.sign + " " + now.word);
    box.dataset.state = now.name;
    var key = name + at + "." + (name === "step" ? step : "");
    if (since !== null && told[key] !== now.name && (told[key] || now.name !== "fine")) {
      say(label + ": " + now.word);
    }
    told[key] = now.name;
  }

  function put(place, words) {
    if (place.textContent !== words) place.textContent = words;
  }

  function say(words) { id("said").textContent = words; }

  function show() {
    read();
    var slot = slots[at];
    put(id("watch-activity").querySelector(".watch-head"), "Activity " + slot.dataset.number);
    put(id("watch-step").querySelector(".watch-head"), "Step " + (step + 1) + " of " + steps[at].length);
    watch("activity", "Activity", gone[at], Number(slot.dataset.minutes));
    var current = steps[at][step];
    id("watch-step").hidden = !current;
    if (current) watch("step", "Step", stepGone[at][step], Number(current.dataset.minutes));
    var now = new Date();
    var minute = now.getHours() * 60 + now.getMinutes();
    var left = Math.max(0, Math.round(Number(slot.dataset.minutes) - gone[at] / 60000));
    put(id("plan-now"), "Now " + day(minute) + ", ends " + day(minute + left) + " at this pace");
    put(id("plan-end"), "Planned " + day(Number(slot.dataset.start)) + " to " + day(Number(slot.dataset.end)));
    put(id("then"), at + 1 < slots.length ? "Then " + named(slots[at + 1]) : "Last activity of this module");
  }

  // ── going on and back ──

  function place(scroll) {
    slots.forEach(function (slot, n) { slot.hidden = n !== at; });
    steps[at].forEach(function (each, n) {
      if (n === step) each.setAttribute("aria-current", "step");
      else each.removeAttribute("aria-current");
    });
    id("go-back").disabled = at === 0 && step === 0;
    id("go-back-activity").disabled = at === 0;
    id("go-on").disabled = at === slots.length - 1 && step >= steps[at].length - 1;
    id("go-on-activity").disabled = at === slots.length - 1;
    if (scroll) {
      // Always to the same height, so that eyes find the step that runs where the last one was.
      var target = step > 0 ? steps[at][step] : slots[at];
      var still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      target.scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" });
      try { history.replaceState(null, "", "#" + slots[at].id); } catch (fault) { /* not everywhere */ }
    }
    show();
    keep();
  }

  function named(slot) { return slot.querySelector("h2").textContent.trim().replace(/\s+/g, " "); }

  function go(slot, to) {
    if (slot < 0 || slot >= slots.length) return;
    read();
    var other = slot !== at;
    at = slot;
    step = to === "last" ? Math.max(0, steps[at].length - 1) : to;
    place(true);
    var name = named(slots[at]);
    if (steps[at].length) name += ", step " + (step + 1) + " of " + steps[at].length;
    say(other ? name : "Step " + (step + 1) + " of " + steps[at].length);
  }

  function onward() {
    if (step < steps[at].length - 1) go(at, step + 1);
    else go(at + 1, 0);
  }

  function backward() {
    if (step > 0) go(at, step - 1);
    else go(at - 1, "last");
  }

  function label() {
    id("go-run").textContent = since === null ? (gone[at] ? "Go on" : "Start") : "Pause";
    clock.dataset.running = since === null ? "no" : "yes";
  }

  function run() {
    if (since === null) {
      since = Date.now();
      stayAwake();
    } else {
      read();
      since = null;
      if (awake) { awake.release(); awake = null; }
    }
    label();
    show();
    keep();
    say(since === null ? "Paused" : "Running");
  }

  function reset() {
    read();
    gone[at] = 0;
    stepGone[at] = stepGone[at].map(function () { return 0; });
    told = {};
    step = 0;
    label();
    place(true);
    say("Clock set back");
  }

  function full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen().catch(function () {});
  }

  // A tablet may sleep while nobody touches it; not while the clock runs, where that can be asked.
  function stayAwake() {
    if (!navigator.wakeLock) return;
    navigator.wakeLock.request("screen").then(function (lock) { awake = lock; }, function () {});
  }

  var actions = {
    "go-back-activity": function () { go(at - 1, 0); },
    "go-back": backward,
    "go-run": run,
    "go-reset": reset,
    "go-on": onward,
    "go-on-activity": function () { go(at + 1, 0); },
    "go-full": full
  };
  Object.keys(actions).forEach(function (name) {
    id(name).addEventListener("click", actions[name]);
  });
  steps.forEach(function (each, slot) {
    each.forEach(function (box, n) {
      box.addEventListener("click", function (event) {
        if (!event.target.closest("a, summary")) go(slot, n);
      });
    });
  });

  document.addEventListener("keydown", function (event) {
    var on = event.target;
    if (event.ctrlKey || event.altKey || event.metaKey || on.closest("input, select, textarea")) return;
    var key = event.key;
    if (key === "ArrowRight") event.shiftKey ? go(at + 1, 0) : onward();
    else if (key === "ArrowLeft") event.shiftKey ? go(at - 1, 0) : backward();
    else if (key === "PageDown") onward();
    else if (key === "PageUp") backward();
    else if (!window.csstrainKeys()) return;
    else if (key === " " && !on.closest("button, a, summary")) run();
    else if (key.toLowerCase() === "r" && !event.shiftKey) reset();
    else if (key.toLowerCase() === "f" && !event.shiftKey && document.fullscreenEnabled) full();
    else return;
    event.preventDefault();
  });

  function asked() {
    var name = decodeURIComponent(location.hash.slice(1));
    return slots.findIndex(function (slot) { return slot.id === name; });
  }

  window.addEventListener("hashchange", function () {
    var slot = asked();
    if (slot >= 0 && slot !== at) go(slot, 0);
  });
  document.addEventListener("visibilitychange", function () {
    if (since !== null && !document.hidden) stayAwake();
  });

  recall();
  var first = asked();
  if (first >= 0 && first !== at) { read(); at = first; step = 0; }
  document.documentElement.classList.add("one-at-a-time");
  clock.hidden = controls.hidden = false;
  id("go-full").hidden = !document.fullscreenEnabled;
  document.addEventListener("fullscreenchange", function () {
    id("go-full").setAttribute("aria-pressed", String(!!document.fullscreenElement));
  });
  label();
  place(false);
  setInterval(function () { show(); }, 250);
  window.addEventListener("pagehide", function () { read(); keep(); });
})();
