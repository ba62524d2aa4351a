/** The page's data, and what happens when more of it arrives. */

import { SHOWN, createCharts, drawCharts } from './charts.js';
import { listen } from './stream.js';
import { showAge, showCounts, showEvents, showLatest, showPace, showShares, showState, showTable } from './show.js';

const EVENTS = 100;

/** Newest last. The page keeps them when the consumer restarts and loses its own. */
const readings = [];

const events = [];

/**
 * By run of a consumer, the number of its newest. Behind a load balancer a new connection may lead to another
 * consumer, and a later one back to the first, which then sends again what it still has.
 */
const newestReading = new Map();
const newestNotice = new Map();

let status = null;

let state = 'connecting';

/** When the latest reading came, by this machine's clock; null before the first. */
let receivedAt = null;

let drawing = false;

function onReading(reading, id) {
  const [run, number] = id.split('-');
  if (isNew(newestReading, run, number)) {
    keep(readings, { ...reading, at: Date.parse(reading.receivedAt) }, SHOWN);
  }
}

function onNotice({ kind, at, text }, id) {
  const [run, , number] = id.split('-');
  if (isNew(newestNotice, run, number)) {
    addEvent(kind, new Date(at), text);
  }
}

function isNew(newest, run, number) {
  if (Number(number) <= (newest.get(run) ?? 0)) {
    return false;
  }
  newest.set(run, Number(number));
  return true;
}

/** Arrives after the readings and notices of the same poll. */
function onStatus(newStatus) {
  if (state === 'lost' && status) {
    const restarted = status.run !== newStatus.run;
    addEvent('consumer-back', new Date(), restarted ? 'Connected again, to a restarted or another consumer'
      : 'Connected again');
  }
  status = newStatus;
  state = status.state;
  if (status.ageMillis !== null) {
    receivedAt = Date.now() - status.ageMillis;
  }
  show();
}

/** Called again for each attempt to connect that fails. */
function onLost() {
  if (status && state !== 'lost') {
    addEvent('consumer-lost', new Date(), 'The connection to the consumer broke');
  }
  state = 'lost';
  show();
}

function addEvent(kind, at, text) {
  keep(events, { kind, at, text }, EVENTS);
  showEvents(events);
}

function show() {
  showState(state, reason());
  tick();
  if (status) {
    showCounts(status.stats);
    showPace(status.pollIntervalMillis);
    showShares(status.stats.replicas);
  }
  if (readings.length > 0) {
    showLatest(readings.at(-1));
  }
  showTable(readings);
  draw();
}

function reason() {
  switch (state) {
    case 'waiting':
      return 'The consumer has started, and its first poll has not ended yet.';
    case 'receiving':
      return 'The latest poll brought a number.';
    case 'lost':
      return 'This page tries to connect every few seconds. It shows what it received before.';
    case 'unreachable':
      return `The latest poll failed: ${status.reason}`;
    case 'refused':
      return `The latest poll got no number: ${status.reason}`;
    case 'error':
      return `The latest poll failed: ${status.reason}`;
    default:
      return 'Connecting …';
  }
}

function age() {
  return receivedAt === null ? null : Date.now() - receivedAt;
}

function tick() {
  showAge(age(), ['unreachable', 'refused', 'error', 'lost'].includes(state));
}

/** Once for all that arrives together; not while the page is hidden, nor before the first status. */
function draw() {
  if (drawing || !status || readings.length === 0) {
    return;
  }
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    drawCharts(readings, readings.at(-1).at + age(), status.pollIntervalMillis);
  });
}

function keep(list, entry, limit) {
  list.push(entry);
  if (list.length > limit) {
    list.shift();
  }
}

createCharts(draw);
document.getElementById('details').addEventListener('toggle', () => showTable(readings));
setInterval(tick, 1000);
showState(state, 'Connecting …');
listen('api/live', { reading: onReading, notice: onNotice, status: onStatus }, onLost);
