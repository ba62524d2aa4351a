/** What the page knows, and what it does when it hears more. */

import { SHOWN, createCharts, drawCharts } from './charts.js';
import { listen } from './stream.js';
import { showAge, showCounts, showEvents, showLatest, showPace, showShares, showState, showTable } from './show.js';

const EVENTS = 100;

/** Newest last; they outlive a restart of the consumer, which forgets them. */
const readings = [];

const events = [];

/** By run of the consumer, the number of its newest reading: after a break it sends again what it still has. */
const newestOfRun = new Map();

let status = null;

let state = 'connecting';

/** When the latest reading came, by this machine's clock; null before the first. */
let receivedAt = null;

let drawing = false;

function onReading(reading, id) {
  const [run, number] = id.split('-');
  if (Number(number) <= (newestOfRun.get(run) ?? 0)) {
    return;
  }
  newestOfRun.set(run, Number(number));
  keep(readings, { ...reading, at: Date.parse(reading.receivedAt) }, SHOWN);
}

function onNotice({ kind, at, text }) {
  const id = `${at} ${kind} ${text}`;
  if (!events.some((event) => event.id === id)) {
    addEvent(kind, new Date(at), text, id);
  }
}

/** Comes after the readings and notices that it goes with. */
function onStatus(newStatus) {
  if (state === 'lost' && status) {
    const restarted = status.run !== newStatus.run;
    addEvent('consumer-back', new Date(), restarted ? 'Connected again, to a consumer that has just started'
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

function addEvent(kind, at, text, id = null) {
  keep(events, { kind, at, text, id }, EVENTS);
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
      return `No answer to the latest poll: ${status.reason}`;
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

/** Once for all that comes in one go, and not at all while nobody looks. */
function draw() {
  if (drawing || readings.length === 0) {
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
