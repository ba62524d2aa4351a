/** The page's texts, and its formats of numbers and times. */

/** The title of each state; only the page itself has the last two. */
export const STATES = {
  waiting: 'Waiting for the first reading',
  receiving: 'Receiving numbers',
  unreachable: 'Producer unreachable',
  refused: 'Producer answers without a number',
  error: 'Error in the consumer',
  connecting: 'Connecting to the consumer',
  lost: 'Consumer not reachable',
};

/** One or two words for each kind of event; only the page itself has the last two. */
export const EVENTS = {
  'replica-appeared': 'new replica',
  'replica-gone': 'replica gone',
  retry: 'retry',
  failure: 'failure',
  recovery: 'recovered',
  'consumer-lost': 'consumer lost',
  'consumer-back': 'consumer back',
};

const clock = new Intl.DateTimeFormat([], { timeStyle: 'medium' });
const shortClock = new Intl.DateTimeFormat([], { timeStyle: 'short' });
const dayAndClock = new Intl.DateTimeFormat([], { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' });
const dateAndClock = new Intl.DateTimeFormat([], { dateStyle: 'medium', timeStyle: 'medium' });
const integer = new Intl.NumberFormat([]);

export const timeOfDay = (instant) => clock.format(instant);

export const shortTimeOfDay = (instant) => shortClock.format(instant);

/** The time of day, with the day if that is not today. */
export const time = (instant) => (isToday(instant) ? timeOfDay(instant) : dayAndClock.format(instant));

export const shortTime = (instant) => (isToday(instant) ? shortTimeOfDay(instant) : dayAndClock.format(instant));

export const dateAndTime = (instant) => dateAndClock.format(instant);

export const count = (number) => integer.format(number);

export const millis = (number) => `${integer.format(number)} ms`;

function isToday(instant) {
  return new Date(instant).toDateString() === new Date().toDateString();
}

/** How long something took, in one unit or two: 8 s, 3 min 20 s, 2 h 5 min, 4 d 6 h. */
export function duration(millis) {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  if (seconds < 60) {
    return `${seconds} s`;
  }
  const units = [[86_400, 'd'], [3_600, 'h'], [60, 'min'], [1, 's']];
  const first = units.findIndex(([size]) => seconds >= size);
  const [size, name] = units[first];
  const [smallerSize, smallerName] = units[first + 1];
  const rest = Math.floor((seconds % size) / smallerSize);
  return `${Math.floor(seconds / size)} ${name}` + (rest ? ` ${rest} ${smallerName}` : '');
}

/** An interval from the settings, which may be below a second. */
export const interval = (millis) => (millis < 10_000 ? `${integer.format(millis / 1000)} s` : duration(millis));

/** On a Swarm a replica says on which node it runs: producer-2@pi3. */
export function replicaAndNode(name) {
  const at = name.lastIndexOf('@');
  return at < 0 ? [name, null] : [name.slice(0, at), name.slice(at + 1)];
}
