// The map: the land of the world in the Equal Earth projection, and a circle for each cluster of places.
// Projection: B. Šavrič, T. Patterson, B. Jenny, "The Equal Earth map projection", IJGIS 33 (2019).

import { h, s } from "./dom.js";
import { articles, number } from "./format.js";
import { listAddress, searchParameters, withValue } from "./state.js";
import { LAND } from "./world.js";

const UNITS = 700; // a radian
const [A1, A2, A3, A4] = [1.340264, -0.081106, 0.000893, 0.003796];
const M = Math.sqrt(3) / 2;
const WORLD = { x: -1920, y: -960, width: 3840, height: 1766 }; // the far south has no towns
const RATIO = WORLD.height / WORLD.width;
const SMALLEST = 60; // units: some five degrees
const CLEAR = 0.85; // of both radii: how far apart circles are moved
const FARTHEST = 1.2; // radii that a circle is moved from its place at most

/** A point in degrees, in units of the map. */
export function project(lat, lon) {
  const t = Math.asin(M * Math.sin((lat * Math.PI) / 180));
  const [t2, t6] = [t * t, t ** 6];
  const x = (((lon * Math.PI) / 180) * Math.cos(t)) / (M * (A1 + 3 * A2 * t2 + t6 * (7 * A3 + 9 * A4 * t2)));
  return [x * UNITS, -t * (A1 + A2 * t2 + t6 * (A3 + A4 * t2)) * UNITS];
}

/** Draws the map. */
export function draw(root, clusters) {
  const area = searchParameters().get("area");
  const box = area ? around(corners(area), 1.04) : clusters.length ? around(clusters.map((each) => project(each.lat, each.lon)), 1.5, 420) : WORLD;
  const most = Math.max(1, ...clusters.map((each) => each.count));
  const unit = box.width / 100;
  const placed = [...clusters].sort((a, b) => b.count - a.count).map((each) => place(each, most, unit));
  apart(placed, box);
  const circles = placed.map((each) => circle(each, unit));
  const picture = s(
    "svg",
    { viewBox: `${box.x} ${box.y} ${box.width} ${box.height}`, class: "globe", role: "group", "aria-label": "Places that the articles speak of" },
    s("path", { d: LAND, class: "land" }),
    graticule(unit),
    circles,
  );
  const back = area
    ? h("a", { class: "whole", href: listAddress(withValue("area", null)) }, "Whole world")
    : null;
  const words = clusters.length ? null : h("p", { class: "hint" }, "No places on the map.");
  root.replaceChildren(picture, ...[back, words].filter(Boolean));
}

function place(cluster, most, unit) {
  const [x, y] = project(cluster.lat, cluster.lon);
  const radius = unit * (2.6 + 2.4 * Math.sqrt(cluster.count / most) + 0.5 * (String(cluster.count).length - 1));
  return { cluster, radius, x, y, at: [x, y] };
}

/** Moves circles that cover each other's numbers, by little: neighbours may still touch. */
function apart(placed, box) {
  for (let round = 0; round < 20; round += 1) {
    placed.forEach((one, index) => {
      for (const other of placed.slice(0, index)) {
        const [dx, dy] = [one.x - other.x, one.y - other.y];
        const distance = Math.hypot(dx, dy);
        const missing = (one.radius + other.radius) * CLEAR - distance;
        if (missing <= 0) continue;
        const [ux, uy] = distance ? [dx / distance, dy / distance] : [Math.cos(index), Math.sin(index)];
        shift(one, (ux * missing) / 2, (uy * missing) / 2);
        shift(other, (-ux * missing) / 2, (-uy * missing) / 2);
      }
    });
  }
  for (const one of placed) {
    one.x = Math.max(box.x + one.radius, Math.min(box.x + box.width - one.radius, one.x));
    one.y = Math.max(box.y + one.radius, Math.min(box.y + box.height - one.radius, one.y));
  }
}

function shift(one, dx, dy) {
  const [x, y] = [one.x + dx - one.at[0], one.y + dy - one.at[1]];
  const within = Math.min(1, (FARTHEST * one.radius) / (Math.hypot(x, y) || 1));
  one.x = one.at[0] + x * within;
  one.y = one.at[1] + y * within;
}

function circle({ cluster: { count, lat, lon, area, near }, radius, x, y }, unit) {
  const where = near ? `around ${near}` : `near ${degrees(lat, "N", "S")}, ${degrees(lon, "E", "W")}`;
  const value = [area.north, area.west, area.south, area.east].map((each) => Number(each.toFixed(5))).join(",");
  return s(
    "a",
    {
      href: listAddress(withValue("area", value)),
      class: "cluster",
      "aria-label": `${articles(count)} ${where}`,
      data: { count: String(count), near: near ?? "" },
    },
    s("title", {}, `${articles(count)} ${where}`),
    s("circle", { cx: x, cy: y, r: radius }),
    s("text", { x, y, "font-size": unit * 3.5, dy: "0.35em" }, number(count)),
  );
}

const degrees = (value, plus, minus) => `${Math.abs(value).toFixed(1)}° ${value < 0 ? minus : plus}`;

/** Points along the sides of an area: its corners alone would miss how the projection bends them. */
function corners(area) {
  const [north, west, south, east] = area.split(",").map(Number);
  const width = east > west ? east - west : east + 360 - west;
  const found = [];
  for (let step = 0; step <= 4; step += 1) {
    const lon = Math.min(west + (width * step) / 4, 180);
    found.push(project(north, lon), project(south, lon));
  }
  return found.some(([x, y]) => Number.isNaN(x + y)) ? [[-1900, -900], [1900, 900]] : found;
}

/** A box around points, with room at its sides, in the proportions of the map and inside the world. */
function around(points, room, smallest = SMALLEST) {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const middle = [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
  const wide = (Math.max(...xs) - Math.min(...xs)) * room;
  const high = (Math.max(...ys) - Math.min(...ys)) * room;
  const width = Math.max(wide, high / RATIO, smallest);
  if (width >= WORLD.width) return WORLD;
  const inside = (value, low, size, whole) => Math.max(low, Math.min(low + whole - size, value - size / 2));
  const height = width * RATIO;
  return {
    x: inside(middle[0], WORLD.x, width, WORLD.width),
    y: inside(middle[1], WORLD.y, Math.min(height, WORLD.height), WORLD.height),
    width,
    height,
  };
}

/** Meridians and parallels, every thirty degrees. */
function graticule(unit) {
  const lines = [];
  for (let lon = -180; lon <= 180; lon += 30) {
    lines.push(Array.from({ length: 37 }, (_, index) => project(index * 5 - 90, lon)));
  }
  for (let lat = -60; lat <= 60; lat += 30) {
    lines.push([project(lat, -180), project(lat, 180)]);
  }
  const d = lines.map((line) => `M${line.map(([x, y]) => `${x.toFixed(0)} ${y.toFixed(0)}`).join("L")}`).join("");
  return s("path", { d, class: "graticule", "stroke-width": unit * 0.12 });
}
