/** The page's data, and what happens when more of it arrives. */

import { createChart, drawChart } from './chart.js';
import { showCounts, showEvents, showState } from './show.js';
import { speeds, stateOf } from './speed.js';

const POLL_MILLIS = 1000;

/** The webui answers from memory: a longer wait means that it has stopped. */
const ANSWER_MILLIS = 3000;

/** As many as webui keeps: ten minutes. */
const SAMPLES = 600;

const EVENTS = 50;

/** An answer is on its way for less. More means that webui has started again, or that this machine was asleep. */
const JUMP_MILLIS = ANSWER_MILLIS;

/** Newest last. The page keeps them when webui restarts and loses its own, so it uses its own times. */
const samples = [];

/** When webui started, in the page's time. The times of samples count from there. */
let start = -Infinity;

/** The time of the last sample that webui has sent, in webui's time. */
let received = -1;

/** Whether the next sample does not follow the one before. */
let begins = false;

const events = [];

let state = 'connecting';

/** @param {?object} view what webui answered, null if it did not */
function show(view) {
  const now = performance.now();
  if (view) {
    setStart(now - view.now);
    view.samples.forEach(add);
  }
  const next = stateOf(view, samples);
  if (next.state !== state && !(state === 'connecting' && next.state === 'waiting')) {
    addEvent(next.state, next.reason);
  }
  state = next.state;
  showState(next);
  if (samples.length > 0) {
    const points = speeds(samples);
    showCounts(samples.at(-1), points.at(-1).speed);
    // While there are no samples, the chart moves on, so that the outage is a gap.
    drawChart(points, now);
  }
}

function setStart(next) {
  if (Math.abs(next - start) > JUMP_MILLIS) {
    start = next;
    received = -1;
    begins = true;
  }
}

function add({ at, hashes, coins }) {
  received = at;
  const sample = { at: start + at, hashes, coins, begins };
  const last = samples.at(-1);
  if (last && sample.at <= last.at) {
    return;
  }
  begins = false;
  if (last && sample.hashes < last.hashes) {
    addEvent('fallen', `Redis has lost data: from ${last.hashes} to ${sample.hashes} hashes`);
  }
  samples.push(sample);
  if (samples.length > SAMPLES) {
    samples.shift();
  }
}

function addEvent(kind, text) {
  events.push({ kind, text, at: new Date() });
  if (events.length > EVENTS) {
    events.shift();
  }
  showEvents(events);
}

async function poll() {
  try {
    const answer = await fetch(`api/live?after=${received}`, { signal: AbortSignal.timeout(ANSWER_MILLIS) });
    show(answer.ok ? await answer.json() : null);
  } catch {
    show(null);
  }
  setTimeout(poll, POLL_MILLIS);
}

createChart();
poll();
