"use strict";

// Whatever a keyword holds reaches the page as textContent alone.
const data = JSON.parse(document.getElementById("data").textContent);
const clusters = data.clusters;
const ROWS_AT_ONCE = 100;
const COLUMNS = [
  ["name", "Cluster"], ["keywords", "Keywords"], ["volume", "Volume"], ["difficulty", "Difficulty"],
  ["intent", "Intent"], ["cohesion", "Cohesion"], ["status", "Status"],
];
const NUMBERS = new Set(["keywords", "volume", "difficulty", "cohesion"]);
const collator = new Intl.Collator(undefined, { numeric: true });
const state = {
  measure: data.layouts.volume ? "volume" : "keywords",
  sort: data.layouts.volume ? "volume" : "keywords",
  descending: true,
  found: null,
};
const at = (id) => document.getElementById(id);

function made(tag, text, classes) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (classes) element.className = classes;
  return element;
}

function shown(key, value) {
  if (value === null || value === "") return "–";
  if (key === "cohesion") return value.toFixed(2);
  return typeof value === "number" ? value.toLocaleString("en") : value;
}

function counted(number, noun) {
  return number.toLocaleString("en") + " " + noun + (number === 1 ? "" : "s");
}

function factsOf(cluster) {
  const facts = [
    ["Keywords", shown("keywords", cluster.keywords)],
    ["Monthly volume", shown("volume", cluster.volume)],
    ["Mean difficulty", cluster.difficulty === null ? "unknown" : shown("difficulty", cluster.difficulty)],
    ["Intent", shown("intent", cluster.intent)],
    ["Cohesion", shown("cohesion", cluster.cohesion)],
    ["Status", shown("status", cluster.status)],
  ];
  if (cluster.failure) facts.push(["Last failure", cluster.failure]);
  return facts;
}
