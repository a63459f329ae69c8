"use strict";
// The filters, and what an upgrade changes. Their state is the fragment of the address, so a link includes it.
(() => {
  const form = document.getElementById("filters");
  const articles = [...document.querySelectorAll("article")];
  const rows = new Map([...document.querySelectorAll("tr[data-rule]")].map((row) => [row.dataset.rule, row]));
  const columns = [...document.querySelectorAll(".matrix thead tr:last-child th")];
  const names = columns.map((column) => column.title);
  const texts = new Map(articles.map((article) => [article, article.textContent.toLowerCase()]));

  const upgrade = document.forms.upgrade;
  const usual = upgrade && [upgrade.from.value, upgrade.to.value];

  const read = () => {
    const given = new URLSearchParams(location.hash.slice(1));
    // A + in the address is a plus sign, because names of targets have plus signs, but no spaces.
    const pairOf = (key) => (given.get(key) ?? "").replaceAll(" ", "+").split(",").map((name) => names.indexOf(name));
    return {
      q: given.get("q") ?? "",
      chapter: given.get("chapter") ?? "",
      verdict: given.get("verdict") ?? "",
      pair: pairOf("differs"),
      upgrade: pairOf("upgrade"),
      one: given.has("one"),
      rule: given.get("rule") ?? (location.hash.startsWith("#about-") ? location.hash.slice(7) : ""),
    };
  };

  const address = (rule) => {
    const given = new URLSearchParams();
    const put = (key, value) => value && given.set(key, value);
    put("q", form.q.value.trim());
    put("chapter", form.chapter.value);
    put("verdict", form.verdict.value);
    if (upgrade && (upgrade.from.value !== usual[0] || upgrade.to.value !== usual[1])) {
      put("upgrade", `${names[Number(upgrade.from.value)]},${names[Number(upgrade.to.value)]}`);
    }
    if (form.a.value || form.b.value) {
      const name = (select) => (select.value ? names[Number(select.value)] : "");
      put("differs", `${name(form.a)},${name(form.b)}`);
    }
    let text = given.toString().replaceAll("%2F", "/").replaceAll("%2C", ",");
    for (const flag of [form.one.checked && "one", rule && `rule=${rule}`]) {
      if (flag) text += (text && "&") + flag;
    }
    return `#${text}`;
  };

  const apply = (state) => {
    const [a, b] = [...state.pair].sort((x, y) => x - y);
    const pair = state.pair.length === 2 && a >= 0 && a !== b ? `${a}-${b}` : "";
    const words = state.q.toLowerCase().split(/\s+/);
    let found = 0;
    for (const article of articles) {
      const examples = [...article.querySelectorAll(".example")];
      const differs = (example) => (example.dataset.differing ?? "").split(" ").includes(pair);
      const shown =
        words.every((word) => texts.get(article).includes(word)) &&
        (!state.chapter || article.dataset.chapter === state.chapter) &&
        (!state.verdict || article.dataset.verdicts.split(" ").includes(state.verdict.replaceAll(" ", "-"))) &&
        (!state.one || article.dataset.fails === "1") &&
        (!pair || examples.some(differs));
      found += shown;
      article.hidden = !shown;
      rows.get(article.id).hidden = !shown;
      for (const example of examples) example.hidden = Boolean(pair) && !differs(example);
    }
    for (const body of document.querySelectorAll(".matrix tbody")) {
      body.hidden = !body.querySelector("tr[data-rule]:not([hidden])");
    }
    // When two targets are compared, only their columns are shown.
    const aside = (at) => Boolean(pair) && at !== a && at !== b;
    columns.forEach((column, at) => column.classList.toggle("aside", aside(at)));
    for (const row of rows.values()) {
      [...row.cells].slice(1).forEach((cell, at) => cell.classList.toggle("aside", aside(at)));
    }
    let at = 0;
    for (const engine of document.querySelectorAll(".matrix thead tr:first-child th:not(.corner)")) {
      engine.dataset.span ??= engine.colSpan;
      const own = columns.slice(at, (at += Number(engine.dataset.span)));
      const left = own.filter((column) => !column.classList.contains("aside")).length;
      engine.classList.toggle("aside", left === 0);
      engine.colSpan = left || 1;
    }
    document.getElementById("found").value = `${found} of ${articles.length} rules`;
  };

  // The same as `page/upgrade.py` writes for the first pair.
  const verbs = ["runs", "leaves the config", "is"];
  const elementOf = (name, ...content) => {
    const element = document.createElement(name);
    element.append(...content);
    return element;
  };
  const resultOf = (example, target) =>
    [...example.querySelectorAll("tr[data-targets]")].find((row) => row.dataset.targets.split(" ").includes(target));
  const sentence = (when, example, target) => {
    const row = resultOf(example, target);
    const result = row.querySelector("code").cloneNode(true);
    return [`${when}, `, elementOf("code", example.dataset.subject), ` ${row.dataset.verb} `, result, "."];
  };
  const changes = (from, to) => {
    const pair = [from, to].sort((x, y) => x - y).join("-");
    const found = articles
      .map((article) => [
        article,
        [...article.querySelectorAll(".example")].find((each) => (each.dataset.differing ?? "").split(" ").includes(pair)),
      ])
      .filter(([, example]) => example);
    const order = ([, example]) =>
      Math.max(...[from, to].map((target) => verbs.indexOf(resultOf(example, target).dataset.verb)));
    found.sort((one, other) => order(one) - order(other));
    const items = found.map(([article, example]) => {
      const link = elementOf("a", article.id);
      link.href = `#about-${article.id}`;
      const head = elementOf("h3", link, " ", article.querySelector("h3 .title").cloneNode(true));
      const images = [...example.querySelectorAll("pre:not(.command)")].map((each) => each.cloneNode(true));
      const text = elementOf("p", ...sentence("Before", example, from), ...sentence(" After", example, to));
      return elementOf("li", head, ...images, text);
    });
    const [one, other] = [names[from], names[to]];
    const rules = items.length === 1 ? "1 rule makes" : `${items.length} rules make`;
    let count = `${rules} ${one} and ${other} differ in the compared cases.`;
    if (from === to) count = "Choose two targets.";
    else if (!items.length) count = `✓ No rule makes ${one} and ${other} differ in the compared cases.`;
    const list = elementOf("ol", ...items);
    list.className = "changes";
    document.getElementById("changes").replaceChildren(elementOf("p", count), ...(items.length ? [list] : []));
  };
  const showChanges = (pair) => {
    if (!upgrade) return;
    const known = pair.length === 2 && pair.every((at) => at >= 0);
    [upgrade.from.value, upgrade.to.value] = known ? pair : usual;
    changes(upgrade.from.value, upgrade.to.value);
  };

  const show = (state) => {
    showChanges(state.upgrade);
    form.q.value = state.q;
    form.chapter.value = state.chapter;
    form.verdict.value = state.verdict;
    form.a.value = state.pair[0] >= 0 ? state.pair[0] : "";
    form.b.value = state.pair[1] >= 0 ? state.pair[1] : "";
    form.one.checked = state.one;
    apply(state);
    const about = document.getElementById(`about-${state.rule}`);
    if (about) {
      about.closest("details").open = true;
      about.closest("article").scrollIntoView();
      about.focus({ preventScroll: true });
    }
  };

  // Typing adds no entries to the history, and does not scroll the page.
  const changed = () => {
    history.replaceState(null, "", address(""));
    apply(read());
  };
  const upgradeChanged = () => {
    changes(upgrade.from.value, upgrade.to.value);
    changed();
  };

  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(changed));
  upgrade?.addEventListener("input", upgradeChanged);
  upgrade?.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", () => show(read()));
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#about-"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const to = address(link.hash.slice(7));
    if (to === location.hash) show(read());
    else location.hash = to;
  });

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const details of closed) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of closed) details.open = false;
  });

  form.hidden = false;
  if (upgrade) upgrade.hidden = false;
  show(read());
})();
