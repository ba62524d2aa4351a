/** What the page knows, and what it does when it hears more. */

import { SHOWN, createCharts, drawCharts } from './charts.js';
import { listen } from './stream.js';
import { showAge, showCounts, showEvents, showLatest, showPace, showShares, showState, showTable } from './show.js';

const EVENTS = 100;

/** Newest last; they outlive a restart of the consumer, which forgets them. */
const readings = [];

const events = [];

/** By run of the consumer, the number of its newest: after a break it sends again what it still has. */
const newestReading = new Map();
const newestNotice = new Map();

let status = null;

let state = 'connecting';

/** When the latest reading came, by this machine's clock; null before the first. */
let receivedAt = null;

let drawing = false;

function onReading(reading, id) {
  if (isNew(newestReading, id)) {
    keep(readings, { ...reading, at: Date.parse(reading.receivedAt) }, SHOWN);
  }
}

function onNotice({ kind, at, text }, id) {
  if (isNew(newestNotice, id)) {
    addEvent(kind, new Date(at), text);
  }
}

function isNew(newest, id) {
  const [run, number] = id.split('-');
  if (Number(number) <= (newest.get(run) ?? 0)) {
    return false;
  }
  newest.set(run, Number(number));
  return true;
}

/** Comes after the readings and notices that it goes with. */
function onStatus(newStatus) {
  if (state === 'lost' && status) {
    const restarted = status.run !== newStatus.run;
    addEvent('consumer-back', new Date(), restarted ? 'Connected again, to a consumer that was started anew, or another one'
      : 'Connected again');
  }
  status = newStatus;
  state = status.state;
  if (status.ageMillis !== null) {
    receivedAt = Date.now() - status.ageMillis;
  }
  show();
}

/** Comes again for each attempt to connect that fails. */
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
      return 'The consumer has started, and its first poll is under way.';
    case 'receiving':
      return 'The latest poll brought a number.';
    case 'lost':
      return 'This page tries to connect every few seconds. What it shows is from before.';
    case 'retrying':
      return `The latest attempt failed, another follows: ${status.reason}`;
    case 'unreachable':
      return `The latest poll failed: ${status.reason}`;
    case 'refused':
      return `The latest poll got no number: ${status.reason}`;
    default:
      return 'Just a moment.';
  }
}

function age() {
  return receivedAt === null ? null : Date.now() - receivedAt;
}

function tick() {
  showAge(age(), ['unreachable', 'refused', 'lost'].includes(state));
}

/** Once for all that comes in one go, and not at all while nobody looks, or before the first status is here. */
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
showState(state, 'Just a moment.');
listen('api/live', { reading: onReading, notice: onNotice, status: onStatus }, onLost);
