/** The page's data, and what happens when more of it arrives. */

import { createChart, drawChart } from './chart.js';
import { showCounts, showEvents, showState } from './show.js';
import { speeds, stateOf } from './speed.js';

const POLL_MILLIS = 1000;

/** The webui answers from memory: a longer wait means that it is gone. */
const ANSWER_MILLIS = 3000;

/** As many as webui keeps: ten minutes. */
const SAMPLES = 600;

const EVENTS = 50;

/** Newest last. The page keeps them when webui restarts and loses its own. */
const samples = [];

const events = [];

let state = 'connecting';

/** @param {?object} view what webui answered, null if it did not */
function show(view) {
  for (const sample of view?.samples ?? []) {
    add(sample);
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
    drawChart(points, view?.now ?? Date.now());
  }
}

function add(sample) {
  const last = samples.at(-1);
  if (last && sample.at <= last.at) {
    return;
  }
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
    const answer = await fetch(`api/live?after=${samples.at(-1)?.at ?? 0}`, { signal: AbortSignal.timeout(ANSWER_MILLIS) });
    show(answer.ok ? await answer.json() : null);
  } catch {
    show(null);
  }
  setTimeout(poll, POLL_MILLIS);
}

createChart();
poll();
