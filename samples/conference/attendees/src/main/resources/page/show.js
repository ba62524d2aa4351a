/** Puts the data into the page. Text from elsewhere is always inserted as text, never as HTML. */

/** One or two words for each kind of event. */
const EVENTS = {
  instep: 'in step',
  behind: 'failure',
  lost: 'no attendees',
};

const integer = new Intl.NumberFormat([]);
const oneDigit = new Intl.NumberFormat([], { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat([], { timeStyle: 'medium' });

const byId = (id) => document.getElementById(id);

/** @param {number} millis */
export function stalenessText(millis) {
  return millis < 1000 ? `${Math.round(millis)} ms` : `${oneDigit.format(millis / 1000)} s`;
}

export function showState({ state, title, reason }) {
  setText('state-reason', reason);
  if (document.body.dataset.state !== state) {
    document.body.dataset.state = state;
    setText('state-title', title);
    byId('state-symbol').setAttribute('href', `#symbol-${state}`);
    document.title = state === 'instep' ? 'Conference, live' : `${title} – Conference, live`;
  }
}

/** @param {{sync: string, interval: number}} answer */
export function showWay({ sync, interval }) {
  setText('way', sync === 'push' ? 'kept in step by events' : `kept in step by polls, one each ${interval / 1000} s`);
}

/** @param {{staleness: ?number}[]} changes oldest first */
export function showChanges(changes) {
  const known = changes.map(({ staleness }) => staleness).filter((staleness) => staleness !== null);
  const sorted = known.toSorted((a, b) => a - b);
  const text = (staleness) => (staleness === undefined ? '–' : stalenessText(staleness));
  setText('changes', integer.format(changes.length));
  setText('staleness', text(known.at(-1)));
  setText('median', text(sorted[Math.floor((sorted.length - 1) / 2)]));
  setText('worst', text(sorted.at(-1)));
}

/** @param {object[]} events newest last */
export function showEvents(events) {
  byId('events').replaceChildren(...events.map(eventItem).reverse());
  byId('no-events').hidden = events.length > 0;
}

function eventItem({ kind, at, text }) {
  const when = element('time', '', clock.format(at));
  when.dateTime = at.toISOString();
  const item = element('li');
  item.append(when, element('span', `kind ${kind}`, EVENTS[kind]), element('span', 'text', text));
  return item;
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
  if (target.textContent !== text) {
    target.textContent = text;
  }
}
