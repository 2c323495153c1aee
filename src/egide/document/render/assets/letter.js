/* What the page does when scripts run: opening a number's journey, searching, showing where the reader is.
   Without it everything is still reachable by links. It asks for nothing and keeps one choice, on this machine. */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const make = (tag, className, ...children) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...children);
    return element;
  };
  const plainClick = (event) => !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  for (const element of all(".avec-script")) element.hidden = false;

  /* ---------------------------------------------------------- a place inside a closed part opens it */
  const reveal = (target) => {
    for (let box = target?.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  };
  const reach = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const closed = target?.closest("details:not([open])");
    reveal(target);
    if (closed) target.scrollIntoView();
  };
  addEventListener("hashchange", reach);

  /* ---------------------------------------------------------- blocks that scroll sideways, only when they do */
  const names = new Map(all(".defile").map((block) => [block, block.getAttribute("aria-label")]));
  const settle = (block) => {
    if (block.scrollWidth > block.clientWidth + 1) {
      block.tabIndex = 0;
      block.setAttribute("role", "region");
      block.setAttribute("aria-label", names.get(block));
    } else for (const name of ["tabindex", "role", "aria-label"]) block.removeAttribute(name);
  };
  const sizes = new ResizeObserver((changes) => changes.forEach((change) => settle(change.target)));
  for (const block of names.keys()) sizes.observe(block);

  /* ---------------------------------------------------------- where the reader is */
  const contents = one(".sommaire > details");
  const narrow = matchMedia("(max-width: 63.99rem)");
  if (narrow.matches) contents.open = false;
  const links = new Map(all(".sommaire > details > ol a").map((link) => [link.hash.slice(1), link]));
  const seen = new Set();
  let current = null;
  const watch = new IntersectionObserver(
    (changes) => {
      for (const change of changes) change.isIntersecting ? seen.add(change.target) : seen.delete(change.target);
      const last = [...sections.keys()].filter((section) => seen.has(section)).pop();
      const link = last && sections.get(last);
      if (!link || link === current) return;
      current?.removeAttribute("aria-current");
      link.setAttribute("aria-current", "location");
      current = link;
      const pane = link.closest(".cote");
      const box = link.getBoundingClientRect();
      const frame = pane.getBoundingClientRect();
      // Never under the reader's hand, nor away from the results being read.
      const busy = narrow.matches || pane.matches(":hover, :focus-within") || one(".resultats a");
      if (!busy && (box.top < frame.top || box.bottom > frame.bottom))
        pane.scrollTop += box.top - frame.top - frame.height / 3;
    },
    { rootMargin: "0px 0px -75% 0px" },
  );
  const sections = new Map();
  for (const section of all("main section")) {
    const heading = one("h2, h3, h4, h5, h6", section);
    if (links.has(heading?.id)) sections.set(section, links.get(heading.id));
  }
  for (const section of sections.keys()) watch.observe(section);

  /* ---------------------------------------------------------- a number's journey */
  const dialog = one(".parcours");
  const title = one("h2", dialog);
  const body = one(".parcours-corps", dialog);
  const said = one("[role=status]", dialog);
  const action = Object.fromEntries(all("[data-action]", dialog).map((element) => [element.dataset.action, element]));
  let trail = [];
  let opened = null;
  const show = () => {
    const entry = document.getElementById(trail.at(-1));
    title.replaceChildren(...one(".o-tete", entry).cloneNode(true).childNodes);
    body.replaceChildren(one("dl", entry).cloneNode(true));
    action.retour.hidden = trail.length < 2;
    action.annexe.hash = entry.id;
    said.textContent = "";
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    title.focus();
  };
  for (const number of all(".nombre")) number.setAttribute("aria-haspopup", "dialog");
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link || !plainClick(event)) return;
    const inside = dialog.contains(link);
    const entry = link.hash.startsWith("#n-") && document.getElementById(link.hash.slice(1));
    if (entry && link !== action.annexe && (inside || !link.closest(".origines"))) {
      event.preventDefault();
      trail = inside ? [...trail, entry.id] : [entry.id];
      if (!inside) (opened = link).classList.add("ouvert");
      show();
    } else {
      if (inside) dialog.close();
      // A second click on the address already shown changes no hash, and still must open what is closed.
      reveal(document.getElementById(link.hash.slice(1)));
    }
  });
  document.addEventListener("pointerover", (event) => {
    const number = event.target.closest?.(".nombre:not([title])");
    const label = number && one(".o-tete span", document.getElementById(number.hash.slice(1)) ?? undefined);
    if (label) number.title = `${label.textContent} : d’où vient ce nombre`;
  });
  dialog.addEventListener("close", () => opened?.classList.remove("ouvert"));
  action.fermer.addEventListener("click", () => dialog.close());
  action.retour.addEventListener("click", () => {
    trail.pop();
    show();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target !== dialog) return;
    const box = dialog.getBoundingClientRect();
    if (event.clientX > box.right || event.clientY < box.top) dialog.close();
  });
  action.copier.addEventListener("click", async () => {
    const code = one("code", body);
    let copied = true;
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      getSelection().selectAllChildren(code);
      copied = document.execCommand("copy");
    }
    said.textContent = copied ? "Identifiant copié." : "Identifiant sélectionné : copiez-le au clavier.";
  });

  /* ---------------------------------------------------------- search */
  // French folding: case, accents, ligatures, apostrophes, plurals; « 12 704 » is one word.
  const WORD = /\p{N}{1,3}(?:[\u202f\u00a0 ]\p{N}{3})+(?!\p{N})|\p{N}+|\p{L}+/gu;
  const fold = (word) => {
    const bare = word.normalize("NFD").replace(/[\p{M}\s]/gu, "").toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae");
    if (bare.length < 4 || /\d/.test(bare)) return bare;
    return bare.replace(/eaux$/, "eau").replace(/(..)aux$/, "$1al").replace(/[sx]$/, "");
  };
  const words = (text) => [...text.matchAll(WORD)].map((match) => ({ start: match.index, end: match.index + match[0].length, folded: fold(match[0]) }));
  const folded = (text) => ` ${words(text).map((word) => word.folded).join(" ")} `;
  const text = (element) => element.textContent.normalize("NFC").replace(/[\n\t ]+/g, " ").trim();

  const record = (kind, rank, anchor, name, blocks) => ({ kind, rank, anchor, name, blocks, head: folded(name), whole: folded(`${name} ${blocks.join(" ")}`) });
  const build = () => {
    const found = [];
    const readable = (element) => {
      // Without the marks of notes, which would join the word before them.
      const copy = element.cloneNode(true);
      for (const mark of all("sup, .renvoi", copy)) mark.remove();
      return text(copy);
    };
    for (const section of all("main section:not(.origines, .notes, .fichiers)")) {
      const heading = one("h2, h3, h4, h5, h6", section);
      const blocks = [];
      for (const child of section.children) {
        if (child.matches(".titre, section, .figure, .tableau, .retour")) continue;
        const parts = child.matches(".encadre, ul, ol") ? all("p, li:not(:has(p))", child) : [child];
        for (const part of parts) if (!part.closest(".figure, .tableau")) blocks.push(readable(part));
      }
      found.push(record("Section", 0, heading.id, text(heading), blocks));
    }
    for (const figure of all("main .figure")) {
      const caption = one("figcaption", figure);
      const about = all("details > p, .sous-figure p", figure).map(text);
      found.push(record("Figure", 1, figure.id, text(caption), [...about, ...all("th", figure).map(text)]));
    }
    for (const table of all("main .tableau"))
      found.push(record("Tableau", 1, table.id, text(one("caption", table)), [all("th", table).map(text).join(", ")]));
    for (const note of all(".notes li")) found.push(record("Note", 2, note.id, `Note ${note.id.slice(5)}`, [readable(note)]));
    for (const entry of all(".origines article"))
      found.push(record("Nombre", 3, entry.id, text(one(".o-tete span", entry)), [`${text(one(".o-tete b", entry))}, ${text(one("dd", entry))}`]));
    return found;
  };

  const marked = (value, terms, from = 0, to = value.length) => {
    const pieces = [];
    let at = from;
    for (const word of words(value)) {
      if (word.start < from || word.end > to || !terms.some((term) => word.folded.startsWith(term))) continue;
      pieces.push(value.slice(at, word.start), make("mark", "", value.slice(word.start, word.end)));
      at = word.end;
    }
    return [...pieces, value.slice(at, to)];
  };
  const excerpt = (result, terms) => {
    const hits = (block) => terms.filter((term) => folded(block).includes(` ${term}`)).length;
    const block = result.blocks.map((value) => [hits(value), value]).sort((a, b) => b[0] - a[0])[0];
    if (!block?.[0]) return [(result.blocks[0] ?? "").slice(0, 140)];
    const value = block[1];
    const first = words(value).find((word) => terms.some((term) => word.folded.startsWith(term)));
    let from = Math.max(0, first.start - 60);
    let to = Math.min(value.length, first.end + 110);
    if (from) from = value.indexOf(" ", from) + 1;
    if (to < value.length) to = Math.max(value.lastIndexOf(" ", to), first.end);
    return [from ? "… " : "", ...marked(value, terms, from, to), to < value.length ? " …" : ""];
  };

  const MOST = 40;
  const field = one("#page-recherche-champ");
  const list = one("#page-resultats");
  const count = one(".recherche [role=status]");
  let index = null;
  let terms = [];
  const search = () => {
    index ??= build();
    const asked = words(field.value.normalize("NFC")).map((word) => word.folded);
    const heavy = asked.filter((word) => word.length > 2 || /\d/.test(word));
    terms = heavy.length ? heavy : asked;
    const within = (where) => terms.every((term) => where.includes(` ${term}`));
    const found = terms.length ? index.filter((result) => within(result.whole)) : [];
    const weight = (result) => result.rank * 2 + (within(result.head) ? 0 : 1);
    const best = found.map((result, place) => [weight(result), place, result]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    list.replaceChildren(
      ...best.slice(0, MOST).map(([, , result]) => {
        const link = make(
          "a", "",
          make("span", "r-genre", result.kind), make("span", "r-titre", ...marked(result.name, terms)),
          make("span", "r-extrait", ...excerpt(result, terms)),
        );
        link.href = `#${result.anchor}`;
        return make("li", "", link);
      }),
    );
    if (!terms.length) count.textContent = "";
    else if (!found.length) count.textContent = `Aucun résultat pour « ${field.value.trim()} ».`;
    else if (found.length > MOST) count.textContent = `${MOST} premiers résultats sur ${found.length}.`;
    else count.textContent = found.length > 1 ? `${found.length} résultats.` : "1 résultat.";
  };
  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 120);
  });
  const clear = () => {
    field.value = "";
    search();
    CSS.highlights?.delete("recherche");
    field.focus();
  };
  one(".recherche").addEventListener("keydown", (event) => {
    const results = all("a", list);
    const place = results.indexOf(document.activeElement);
    if (event.key === "Escape" && field.value) clear();
    else if (event.key === "Enter" && event.target === field) {
      clearTimeout(waiting);
      search();
      one("a", list)?.click();
      return;
    } else if (event.key === "ArrowDown" && results.length && (place >= 0 || event.target === field)) results[Math.min(place + 1, results.length - 1)].focus();
    else if (event.key === "ArrowUp" && place >= 0) (results[place - 1] ?? field).focus();
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target || !window.Highlight) return;
    // The words found are painted where the link leads, without touching the text.
    const place = target.closest("section, figure, li") ?? target;
    const painted = new Highlight();
    const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      for (const word of words(node.data))
        if (terms.some((term) => word.folded.startsWith(term)))
          painted.add(new StaticRange({ startContainer: node, startOffset: word.start, endContainer: node, endOffset: word.end }));
    CSS.highlights.set("recherche", painted);
  });

  // A key alone can be pressed by accident, or by dictation: it can be turned off, and never takes a letter typed.
  const KEY = "egide-touche-recherche";
  const shortcut = one(".raccourci input");
  try {
    shortcut.checked = localStorage.getItem(KEY) !== "non";
    shortcut.addEventListener("change", () => localStorage.setItem(KEY, shortcut.checked ? "oui" : "non"));
  } catch {
    // No storage here: the choice holds while the page is open.
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || !shortcut.checked || event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
  reach();
})();
