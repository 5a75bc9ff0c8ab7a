/* Long lists: a part at a time */

function paged(body, button, rowOf) {
  let rows = [];
  let count = 0;
  function more() {
    body.append(...rows.slice(count, count + ROWS_AT_ONCE).map(rowOf));
    count = Math.min(rows.length, count + ROWS_AT_ONCE);
    const left = rows.length - count;
    button.hidden = left === 0;
    button.textContent = "Show " + Math.min(left, ROWS_AT_ONCE) + " more of " + left.toLocaleString("en");
  }
  button.addEventListener("click", more);
  return (all) => {
    rows = all;
    count = 0;
    body.replaceChildren();
    more();
  };
}

function cell(text, classes) {
  const element = made("td", text, classes);
  element.dir = "auto";
  return element;
}

/* The table of clusters */

const showClusters = paged(at("clusters").tBodies[0], at("more-clusters"), (cluster) => {
  const row = made("tr");
  for (const [key] of COLUMNS) {
    if (key !== "name") {
      row.append(cell(shown(key, cluster[key]), NUMBERS.has(key) ? "number" : ""));
      continue;
    }
    const open = made("button", cluster.name);
    open.type = "button";
    open.addEventListener("click", () => openDetail(cluster));
    const first = cell();
    first.append(open);
    row.append(first);
  }
  return row;
});

function sortBy(key, descending) {
  state.sort = key;
  state.descending = descending;
  drawTable();
}

function compared(one, other) {
  const [a, b] = [one[state.sort], other[state.sort]];
  // What is unknown comes last either way.
  if (a === null || b === null) return (a === null) - (b === null);
  const order = typeof a === "number" ? a - b : collator.compare(a, b);
  return state.descending ? -order : order;
}

function drawTable() {
  for (const head of at("clusters").tHead.rows[0].cells) {
    const order = state.descending ? "descending" : "ascending";
    head.setAttribute("aria-sort", head.dataset.key === state.sort ? order : "none");
  }
  showClusters(clusters.filter((cluster) => state.found === null || state.found.has(cluster)).sort(compared));
}

for (const [key, title] of COLUMNS) {
  const head = made("th", undefined, NUMBERS.has(key) ? "number" : "");
  head.scope = "col";
  head.dataset.key = key;
  const button = made("button", title);
  button.type = "button";
  button.addEventListener("click", () => sortBy(key, key === state.sort ? !state.descending : NUMBERS.has(key)));
  head.append(button);
  at("clusters").tHead.rows[0].append(head);
}

/* A cluster's keywords */

const showMembers = paged(at("members"), at("more-members"), ([text, volume, difficulty, why]) => {
  const row = made("tr");
  const first = cell(text);
  if (why) {
    const reason = made("div", why, "muted");
    reason.dir = "auto";
    first.append(reason);
  }
  row.append(first, cell(shown("volume", volume), "number"), cell(shown("difficulty", difficulty), "number"));
  return row;
});

function openDetail(cluster) {
  at("detail-title").textContent = cluster.name;
  at("facts").replaceChildren(...[...factsOf(cluster), ["Market", cluster.market], ["Id", String(cluster.id)]].map(([name, value]) => {
    const pair = made("div");
    pair.append(made("dt", name), made("dd", value));
    return pair;
  }));
  showMembers(cluster.members);
  at("detail").showModal();
  at("detail").scrollTop = 0;
}

at("close").addEventListener("click", () => at("detail").close());
at("detail").addEventListener("click", (event) => {
  if (event.target === at("detail")) at("detail").close();
});
