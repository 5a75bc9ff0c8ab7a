/* The map */

const map = at("map");
const narrow = window.matchMedia("(max-width: 40rem)");
let tiles = [];

function drawMap() {
  const layout = data.layouts[state.measure];
  tiles = [];
  hideTooltip();
  if (!layout) {
    map.replaceChildren();
    at("map-note").textContent = "There is nothing to draw.";
    return;
  }
  const places = layout.shapes[narrow.matches ? "tall" : "wide"];
  tiles = places.map((place, number) => tile(layout, place, number));
  map.replaceChildren(...tiles);
  if (tiles.length) tiles[0].tabIndex = 0;
  labelTiles();
  dimTiles();
  const notes = [];
  if (layout.others) {
    notes.push("The " + counted(layout.others, "smallest cluster") + " share one rectangle.");
  }
  if (layout.leftOut) {
    notes.push(counted(layout.leftOut, "cluster") + " without a known volume "
      + (layout.leftOut === 1 ? "is" : "are") + " in the table only.");
  }
  at("map-note").textContent = notes.join(" ");
}

function tile(layout, [left, top, width, height], number) {
  const element = made("button");
  element.type = "button";
  element.tabIndex = -1;
  element.dataset.number = number;
  Object.assign(element.style, { left: left + "%", top: top + "%", width: width + "%", height: height + "%" });
  const cluster = clusters[layout.clusters[number]];
  if (cluster) {
    element.className = "tile step-" + cluster.step + (cluster.difficulty === null ? " unknown" : "");
    element.setAttribute("aria-label", cluster.name + ": "
      + factsOf(cluster).map(([name, value]) => name + " " + value).join(", "));
  } else {
    element.className = "tile others";
    element.setAttribute("aria-label", counted(layout.others, "smaller cluster") + ": show them in the table");
  }
  return element;
}

function clusterOf(element) {
  const layout = data.layouts[state.measure];
  return clusters[layout.clusters[Number(element.dataset.number)]];
}

function labelTiles() {
  // All are measured and then all are written: in turns, each label would have the whole page laid out anew.
  const sizes = tiles.map((element) => [element.clientWidth, element.clientHeight]);
  const labelled = tiles.filter((element, number) => labelTile(element, ...sizes[number]));
  const cuts = labelled.map(roomIn);
  labelled.forEach((element, number) => {
    const [name, ...figures] = element.children;
    name.style.webkitLineClamp = cuts[number].lines;
    figures.forEach((line, place) => { line.hidden = !cuts[number].fits[place]; });
  });
}

const SMALLEST_TYPE = 9;
const pen = document.createElement("canvas").getContext("2d");
const family = getComputedStyle(document.body).fontFamily;

// Names break between words alone: the type shrinks until the longest word fits, and where it can't, one line is cut.
function setType(line, name, width, { size, weight, padding }) {
  pen.font = weight + " " + size + "px " + family;
  const longest = Math.max(1, ...name.split(/\s+/).map((word) => pen.measureText(word).width));
  const fitting = (size * (width - 2 * padding - 2)) / longest;
  line.style.fontSize = Math.max(SMALLEST_TYPE, Math.min(size, fitting)) + "px";
  line.classList.toggle("one-line", fitting < SMALLEST_TYPE);
}

function labelTile(element, width, height) {
  element.replaceChildren();
  if (width < 44 || height < 16) return false;
  const cluster = clusterOf(element);
  element.classList.toggle("large", width > 150 && height > 70);
  element.classList.toggle("small", width < 90 || height < 40);
  const type = element.classList.contains("small") ? { size: 11, weight: 400, padding: 2 }
    : { size: element.classList.contains("large") ? 14.4 : 12, weight: 600, padding: 4 };
  if (!cluster) {
    element.append(made("span", data.layouts[state.measure].others.toLocaleString("en") + " more", "name"));
    return true;
  }
  const name = made("span", cluster.name, "name");
  name.dir = "auto";
  setType(name, cluster.name, width, type);
  const size = cluster[state.measure];
  const unit = state.measure === "volume" ? " a month" : size === 1 ? " keyword" : " keywords";
  element.append(name, made("span", size.toLocaleString("en") + (width > 100 ? unit : ""), "figures"));
  if (width > 90) element.append(made("span", "difficulty " + (cluster.difficulty ?? "unknown"), "figures"));
  return true;
}

// No line is cut through its letters: a name ends with the last whole line that leaves room for its size, and figures
// that do not fit are not shown.
function roomIn(element) {
  const [name, ...figures] = element.children;
  const height = element.clientHeight + 1;
  const lineHeight = parseFloat(getComputedStyle(name).lineHeight);
  const wanted = Math.max(1, Math.round(name.scrollHeight / lineHeight));
  const left = height - (figures.length && height >= 2 * lineHeight ? lineHeight : 0);
  const lines = Math.max(1, Math.min(wanted, Math.floor(left / lineHeight)));
  const fits = figures.map((line, place) => line.scrollWidth <= line.clientWidth
    && (lines + place + 1) * lineHeight <= height);
  return { lines, fits };
}

function dimTiles() {
  for (const element of tiles) {
    const cluster = clusterOf(element);
    element.classList.toggle("dimmed", state.found !== null && !(cluster && state.found.has(cluster)));
  }
}

function goTo(number) {
  const target = tiles[Math.min(Math.max(number, 0), tiles.length - 1)];
  for (const element of tiles) element.tabIndex = element === target ? 0 : -1;
  target.focus();
}

map.addEventListener("keydown", (event) => {
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };
  const current = event.target.closest(".tile");
  if (event.key === "Escape") hideTooltip();
  if (!current || !(event.key in steps)) return;
  event.preventDefault();
  goTo(Number(current.dataset.number) + steps[event.key]);
});

map.addEventListener("click", (event) => {
  const element = event.target.closest(".tile");
  if (!element) return;
  const cluster = clusterOf(element);
  hideTooltip();
  if (cluster) {
    openDetail(cluster);
  } else {
    sortBy(state.measure, false);
    at("table-title").focus();
  }
});

/* The tooltip */

const tooltip = at("tooltip");

function showTooltip(element, x, y) {
  const cluster = clusterOf(element);
  const lines = cluster
    ? [["strong", cluster.name], ...factsOf(cluster).map(([name, value]) => ["div", name + ": " + value])]
    : [["strong", element.getAttribute("aria-label")]];
  tooltip.replaceChildren(...lines.map(([tag, text]) => made(tag, text)));
  tooltip.firstChild.dir = "auto";
  tooltip.hidden = false;
  const box = tooltip.getBoundingClientRect();
  const left = Math.min(x + 14, document.documentElement.clientWidth - box.width - 8);
  const below = y + 18 + box.height < window.innerHeight;
  tooltip.style.left = Math.max(8, left) + window.scrollX + "px";
  tooltip.style.top = Math.max(8, below ? y + 18 : y - box.height - 10) + window.scrollY + "px";
}

function hideTooltip() {
  tooltip.hidden = true;
}

map.addEventListener("pointermove", (event) => {
  const element = event.target.closest(".tile");
  if (element && event.pointerType !== "touch") showTooltip(element, event.clientX, event.clientY);
});
map.addEventListener("pointerleave", hideTooltip);
map.addEventListener("focusin", (event) => {
  const element = event.target.closest(".tile");
  if (!element || !element.matches(":focus-visible")) return;
  const box = element.getBoundingClientRect();
  showTooltip(element, box.left + box.width / 2, box.top + Math.min(box.height / 2, 40));
});
map.addEventListener("focusout", hideTooltip);
