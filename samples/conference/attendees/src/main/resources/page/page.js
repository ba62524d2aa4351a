/** The page's data, and what happens when more of it arrives. */

import { createChart, drawChart } from './chart.js';
import { showChanges, showEvents, showState, showWay } from './show.js';

const POLL_MILLIS = 1000;

/** attendees answers from memory: a longer wait means that it has stopped. */
const ANSWER_MILLIS = 3000;

/** As many as attendees keeps. */
const CHANGES = 1000;

const EVENTS = 50;

/** Newest last. */
let changes = [];

const events = [];

/** The number of the last change that was received, and the process of attendees that has counted so. */
let received = 0;
let process = '';

let state = 'connecting';

/** @param {?object} answer of attendees, null if there was none */
function show(answer) {
  const next = stateOf(answer);
  if (next.state !== state && state !== 'connecting') {
    add(next.state, next.state === 'instep' ? 'attendees is in step again.' : next.reason);
  }
  state = next.state;
  showState(next);
  if (answer) {
    showWay(answer);
    if (answer.process !== process) {
      // Another replica, or a new start: it counts its own changes, and has answered with all of them.
      process = answer.process;
      received = 0;
      changes = [];
    }
    answer.view.samples.forEach(change);
    showChanges(changes);
    drawChart(changes, answer.view.now);
  }
}

function change(sample) {
  received = sample.number;
  changes.push(sample);
  changes = changes.slice(-CHANGES);
}

function stateOf(answer) {
  if (!answer) {
    return {
      state: 'lost',
      title: 'attendees is not reachable',
      reason: 'This page tries to connect every second. It shows what it received before.',
    };
  }
  const { failure } = answer.view;
  return failure
    ? { state: 'behind', title: 'Not in step', reason: `${failure}. attendees answers with the copies that it has.` }
    : {
      state: 'instep',
      title: 'In step',
      reason: `${answer.sync === 'poll'
        ? 'The last poll has succeeded. Of several edits between two polls, only the last is measured.'
        : 'Redis has no change that is neither in the copies nor set aside.'} Edit a conference, and see how old its copy gets.`,
    };
}

function add(kind, text) {
  events.push({ kind, text, at: new Date() });
  if (events.length > EVENTS) {
    events.shift();
  }
  showEvents(events);
}

async function poll() {
  try {
    const response = await fetch(`api/live?after=${received}&process=${process}`,
      { signal: AbortSignal.timeout(ANSWER_MILLIS) });
    show(response.ok ? await response.json() : null);
  } catch {
    show(null);
  }
  setTimeout(poll, POLL_MILLIS);
}

createChart();
poll();
