/** Puts the data into the page. Text from elsewhere is always inserted as text, never as HTML. */

import { EVENTS, STATES, count, dateAndTime, duration, interval, millis, replicaAndNode, time } from './words.js';
import { markOf } from './marks.js';

/** Replicas whose names change would make the list endless. */
const SHARES = 8;

const ROWS = 20;

const byId = (id) => document.getElementById(id);

/**
 * The state in words and by a symbol.
 *
 * @param {string} state one of those in STATES
 * @param {string} reason a sentence or two
 */
export function showState(state, reason) {
  const changed = document.body.dataset.state !== state;
  setText('state-reason', reason);
  if (changed) {
    document.body.dataset.state = state;
    setText('state-title', STATES[state]);
    byId('state-symbol').setAttribute('href', `#symbol-${state}`);
    document.title = state === 'receiving' ? 'Numbers, live' : `${STATES[state]} – Numbers, live`;
  }
}

/**
 * The age of the number: below the number and, during an outage, next to the state as well.
 *
 * @param {?number} ageMillis null before the first reading
 * @param {boolean} trouble whether no newer number is expected soon
 */
export function showAge(ageMillis, trouble) {
  const age = ageMillis === null ? null : duration(ageMillis);
  setText('age', age === null ? 'none yet' : `${age} ago`);
  setText('state-age', age === null ? 'No reading yet' : `Reading is ${age} old`);
  byId('state-age').hidden = !trouble;
}

export function showLatest(reading) {
  const [replica, node] = replicaAndNode(reading.replica);
  setText('number', reading.number);
  setText('replica', replica);
  setText('node', node ?? '–');
  setText('latency', millis(reading.latencyMillis));
}

export function showCounts(stats) {
  setText('polls', count(stats.polls));
  setText('received', count(stats.received));
  setText('failures', count(stats.failed + stats.invalid));
  setText('retries', count(stats.retried));
}

export function showPace(pollIntervalMillis) {
  setText('pace', `, every ${interval(pollIntervalMillis)}`);
}

/** The replicas with most numbers, sorted by name, and the others in one line. */
export function showShares(replicas) {
  const all = Object.entries(replicas).sort(([, a], [, b]) => b - a);
  const total = all.reduce((sum, [, numbers]) => sum + numbers, 0);
  const others = all.slice(SHARES);
  const items = all.slice(0, SHARES)
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([name, numbers]) => share(name, numbers, total));
  if (others.length > 0) {
    const numbers = others.reduce((sum, [, each]) => sum + each, 0);
    items.push(element('li', 'others', `and ${others.length} more, with ${count(numbers)} numbers`));
  }
  byId('shares').replaceChildren(...items);
  byId('no-shares').hidden = items.length > 0;
}

function share(name, numbers, total) {
  const percent = (100 * numbers) / total;
  const mark = markOf(name);
  const symbol = element('span', 'mark', mark.text);
  symbol.setAttribute('aria-hidden', 'true');
  const bar = element('div', 'bar');
  const filled = bar.appendChild(element('div', 'filled'));
  filled.style.width = `${percent}%`;
  const item = element('li');
  item.style.setProperty('--mark', `var(${mark.colour})`);
  item.append(symbol, replicaName(name), element('strong', 'percent', `${Math.round(percent)} %`),
    element('span', 'of', `${count(numbers)} ${numbers === 1 ? 'number' : 'numbers'}`), bar);
  return item;
}

function replicaName(name) {
  const [replica, node] = replicaAndNode(name);
  const text = element('span', 'name', replica);
  if (node) {
    text.append(element('span', 'on', ` on ${node}`));
  }
  return text;
}

/** @param {object[]} events newest last */
export function showEvents(events) {
  byId('events').replaceChildren(...events.map(eventItem).reverse());
  byId('no-events').hidden = events.length > 0;
}

function eventItem({ kind, at, text }) {
  const when = element('time', '', time(at));
  when.dateTime = at.toISOString();
  when.title = dateAndTime(at);
  const item = element('li');
  item.append(when, element('span', `kind ${kind}`, EVENTS[kind] ?? kind), element('span', 'text', text));
  return item;
}

/** @param {object[]} readings newest last */
export function showTable(readings) {
  if (byId('details').open) {
    byId('rows').replaceChildren(...readings.slice(-ROWS).map(row).reverse());
  }
}

function row(reading) {
  const [replica, node] = replicaAndNode(reading.replica);
  const cells = [time(reading.at), reading.number, replica, node ?? '–', millis(reading.latencyMillis)];
  const tableRow = element('tr');
  tableRow.append(...cells.map((text) => element('td', '', text)));
  return tableRow;
}

function element(name, className = '', text = '') {
  const created = document.createElement(name);
  if (className) {
    created.className = className;
  }
  created.textContent = text;
  return created;
}

/** Sets only a text that differs: screen readers read out each text that is set. */
function setText(id, text) {
  const target = byId(id);
  if (target.textContent !== String(text)) {
    target.textContent = text;
  }
}
