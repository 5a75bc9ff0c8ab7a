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
  const cuts = labelled.map((element) => [...element.children].map((line) => roomFor(line, element.clientHeight)));
  labelled.forEach((element, number) => [...element.children].forEach((line, place) => {
    line.style.maxHeight = cuts[number][place] + "px";
  }));
}

const SMALL_TYPE = 11;
const SMALLEST_TYPE = 9;
const pen = document.createElement("canvas").getContext("2d");
pen.font = SMALL_TYPE + "px " + getComputedStyle(document.body).fontFamily;

// The size in pixels at which the longest word of a name fits into the width, within bounds.
function typeFor(name, width) {
  const longest = Math.max(1, ...name.split(/\s+/).map((word) => pen.measureText(word).width));
  return Math.max(SMALLEST_TYPE, Math.min(SMALL_TYPE, (SMALL_TYPE * (width - 5)) / longest));
}

function labelTile(element, width, height) {
  element.replaceChildren();
  if (width < 44 || height < 16) return false;
  const cluster = clusterOf(element);
  element.classList.toggle("large", width > 150 && height > 70);
  element.classList.toggle("small", width < 90 || height < 40);
  if (!cluster) {
    element.append(made("span", data.layouts[state.measure].others.toLocaleString("en") + " more", "name"));
    return true;
  }
  const name = made("span", cluster.name, "name");
  name.dir = "auto";
  if (element.classList.contains("small")) name.style.fontSize = typeFor(cluster.name, width) + "px";
  const size = cluster[state.measure];
  const unit = state.measure === "volume" ? " a month" : size === 1 ? " keyword" : " keywords";
  element.append(name, made("span", size.toLocaleString("en") + (width > 100 ? unit : ""), "figures"));
  if (width > 90) element.append(made("span", "difficulty " + (cluster.difficulty ?? "unknown"), "figures"));
  return true;
}

// No line is cut through its letters: a label ends with the last whole line.
function roomFor(line, height) {
  const lineHeight = parseFloat(getComputedStyle(line).lineHeight);
  const room = Math.min(line.scrollHeight, height - line.offsetTop);
  return Math.max(0, Math.floor((room + 1) / lineHeight)) * lineHeight;
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
