/** The page's data, and what happens when more of it arrives. */

import { createChart, drawChart } from './chart.js';
import { History } from './history.js';
import { showCounts, showEvents, showState } from './show.js';
import { speeds, stateOf } from './speed.js';

const POLL_MILLIS = 1000;

/** The webui answers from memory: a longer wait means that it has stopped. */
const ANSWER_MILLIS = 3000;

const EVENTS = 50;

const history = new History();

const events = [];

let state = 'connecting';

/** @param {?object} view what webui answered, null if it did not */
function show(view) {
  const now = performance.now();
  if (view) {
    for (const { from, to } of history.add(view, now)) {
      addEvent('fallen', `Redis has lost data: from ${from} to ${to} hashes`);
    }
  }
  const next = stateOf(view, history.samples);
  if (next.state !== state && !(state === 'connecting' && next.state === 'waiting')) {
    addEvent(next.state, next.reason);
  }
  state = next.state;
  showState(next);
  if (history.samples.length > 0) {
    const points = speeds(history.samples);
    showCounts(history.samples.at(-1), points.at(-1).speed);
    // While there are no samples, the chart moves on, so that the outage is a gap.
    drawChart(points, now);
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
    const answer = await fetch(`api/live?after=${history.received}`, { signal: AbortSignal.timeout(ANSWER_MILLIS) });
    show(answer.ok ? await answer.json() : null);
  } catch {
    show(null);
  }
  setTimeout(poll, POLL_MILLIS);
}

createChart();
poll();
