/* Search, and what area means */

const plain = (text) => text.normalize("NFKC").toLocaleLowerCase();
let haystacks = null;

function search() {
  const wanted = plain(at("search").value.trim());
  if (!wanted) {
    state.found = null;
    at("found").textContent = "";
  } else {
    haystacks ??= clusters.map((one) => plain([one.name, ...one.members.map((member) => member[0])].join("\n")));
    state.found = new Set(clusters.filter((_, number) => haystacks[number].includes(wanted)));
    at("found").textContent = state.found.size.toLocaleString("en") + " of " + counted(clusters.length, "cluster");
  }
  dimTiles();
  drawTable();
}

let waiting = 0;
at("search").addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(search, 120);
});
at("controls").addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
for (const choice of at("controls").elements.measure) {
  choice.checked = choice.value === state.measure;
  choice.disabled = !data.layouts[choice.value];
  if (choice.disabled) choice.parentElement.append(" (none is known)");
  choice.addEventListener("change", () => {
    state.measure = choice.value;
    drawMap();
  });
}

narrow.addEventListener("change", drawMap);
let resizing = 0;
window.addEventListener("resize", () => {
  clearTimeout(resizing);
  resizing = setTimeout(labelTiles, 120);
});

drawMap();
drawTable();
