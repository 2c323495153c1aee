/* What a script adds to pages that work without it: questions asked when they are, leaving fast, a warning
   before the session closes, drafts kept. */
"use strict";

(() => {
  /* A question that hangs on another one of the page is shown while it is asked; the server decides again. */
  for (const question of document.querySelectorAll("[data-shown-when]")) {
    const form = question.closest("form");
    const parent = question.dataset.shownWhen;
    if (!form.querySelector(`[name="${parent}"]`)) continue; // answered on an earlier page
    const among = question.dataset.shownAmong.split(" ");
    const show = () => {
      const asked = new FormData(form).getAll(parent).some((one) => among.includes(one));
      question.hidden = !asked;
      for (const field of question.querySelectorAll("input, select, textarea")) field.disabled = !asked;
    };
    form.addEventListener("change", show);
    show();
  }

  const exit = document.querySelector(".eg-exit");

  /* Emptied first: what was on the screen must be gone even if the network is slow. */
  function leave() {
    document.title = "…";
    document.documentElement.classList.add("eg-gone");
    if (exit.dataset.signOut) navigator.sendBeacon(exit.dataset.signOut);
    window.location.replace(exit.href);
  }

  if (exit) {
    exit.addEventListener("click", (event) => {
      event.preventDefault();
      leave();
    });
    const WITHIN = 1500; // milliseconds for three strokes
    let strokes = [];
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.repeat) {
        if (event.key !== "Escape") strokes = [];
        return;
      }
      const now = Date.now();
      strokes = [...strokes.filter((stroke) => now - stroke < WITHIN), now];
      if (strokes.length >= 3) leave();
    }, true);
  }

  /* A page brought back by the Back button may be older than the session: ask the server again. */
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });

  const idle = document.getElementById("inactivite");
  if (idle) {
    const warnAfter = Number(idle.dataset.warnAfter) * 1000;
    const closeAfter = Number(idle.dataset.closeAfter) * 1000;
    let since = Date.now();

    /* Work in one tab is a sign of life in the others. */
    const tabs = new BroadcastChannel("egide-session");
    tabs.addEventListener("message", () => {
      since = Date.now();
      if (idle.open) idle.close();
    });
    tabs.postMessage("here");

    /* Times are compared, not counted: a sleeping computer stops timers, not the clock. */
    function look() {
      const silent = Date.now() - since;
      if (silent >= closeAfter) {
        document.documentElement.classList.add("eg-gone");
        window.location.reload(); // the server has closed the session and says so
      } else if (silent >= warnAfter && !idle.open) {
        idle.showModal();
      }
    }
    const timer = window.setInterval(look, 1000);
    document.addEventListener("visibilitychange", look);

    async function stay() {
      since = Date.now();
      try {
        const answer = await fetch(idle.dataset.stillHere, { redirect: "error", cache: "no-store" });
        if (!answer.ok) throw new Error("closed");
        tabs.postMessage("here");
      } catch {
        window.clearInterval(timer);
        window.location.reload();
      }
    }

    /* A long page is kept while it is written, as its own button would: a session that closes loses none of it.
       Only what somebody types starts this; a page left open keeps nothing alive. */
    const draft = document.querySelector("form[data-keep-after]");
    if (draft) {
      const said = draft.querySelector("[data-kept]");
      let waiting = 0;
      async function keep() {
        window.clearTimeout(waiting);
        waiting = 0;
        try {
          await fetch(draft.action, { method: "POST", body: new FormData(draft), redirect: "manual", cache: "no-store" });
          const alive = await fetch(idle.dataset.stillHere, { redirect: "error", cache: "no-store" });
          if (!alive.ok) throw new Error("closed");
          since = Date.now();
          tabs.postMessage("here");
          said.textContent = "Ce que vous avez écrit est gardé dans le brouillon.";
        } catch {
          said.textContent = "Ce que vous écrivez n’est plus gardé\u00a0: enregistrez cette page, ou copiez votre texte.";
        }
      }
      draft.addEventListener("input", () => {
        window.clearTimeout(waiting);
        waiting = window.setTimeout(keep, Number(draft.dataset.keepAfter) * 1000);
      });
      draft.addEventListener("submit", () => window.clearTimeout(waiting));
      document.addEventListener("visibilitychange", () => {
        if (document.hidden && waiting) keep();
      });
    }

    idle.addEventListener("close", stay); // by the button or by Escape: either is a sign of life
    document.getElementById("inactivite-continuer").addEventListener("click", () => idle.close());
  }
})();
