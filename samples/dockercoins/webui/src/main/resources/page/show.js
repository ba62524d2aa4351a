/** Puts the data into the page. Text from elsewhere is always inserted as text, never as HTML. */

/** One or two words for each kind of event. */
const EVENTS = {
  waiting: 'waiting',
  mining: 'mining',
  partly: 'failure',
  stalled: 'stalled',
  redis: 'no Redis',
  lost: 'no webui',
  fallen: 'data lost',
};

const integer = new Intl.NumberFormat([]);
const oneDigit = new Intl.NumberFormat([], { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat([], { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat([], { timeStyle: 'medium' });

const byId = (id) => document.getElementById(id);

export const speedText = (speed) => oneDigit.format(speed);

export function showState({ state, title, reason }) {
  setText('state-reason', reason);
  if (document.body.dataset.state !== state) {
    document.body.dataset.state = state;
    setText('state-title', title);
    byId('state-symbol').setAttribute('href', `#symbol-${state}`);
    document.title = state === 'mining' ? 'DockerCoins, live' : `${title} – DockerCoins, live`;
  }
}

/** @param {?number} speed null if it is not known */
export function showCounts({ hashes, coins }, speed) {
  setText('speed', speed === null ? '–' : speedText(speed));
  setText('hashes', integer.format(hashes));
  setText('coins', integer.format(coins));
  setText('luck', hashes > 0 ? percent.format(coins / hashes) : '–');
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
