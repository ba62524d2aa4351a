import { count, dateAndTime, millis, shortTime, shortTimeOfDay, timeOfDay } from './words.js';
import { markOf } from './marks.js';

/** How many polls the charts look back at most; half an hour at the usual pace. */
export const SHOWN = 600;

/** Closer to each other, single numbers could not be made out: a phone looks back less far. */
const POINT_WIDTH = 3;

/** So that the first points of all do not stand a screen apart. */
const SHOWN_AT_LEAST = 40;

/** Between labels below the charts, in seconds: what people read as round. */
const STEPS = [5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400, 604_800];

/** Of a label with seconds, of one without, and of one with the day. */
const LABEL_WIDTH = 90;

const SHORT_LABEL_WIDTH = 64;

const DAY_LABEL_WIDTH = 120;

const Y_AXIS_WIDTH = 60;

const charts = [];

/**
 * Makes both charts, which change their colours when the system goes from light to dark.
 *
 * @param {function(): void} resized what to call when there is more room for them, or less
 */
export function createCharts(resized) {
  if (!window.Chart) {
    return; // All else on the page works without it.
  }
  window.Chart.defaults.onResize = resized;
  charts.push(chart('numbers', (reading) => reading.number, count, {
    min: 0,
    max: 180,
    ticks: { stepSize: 60 },
  }));
  // A poll with retries takes a hundred times as long as one without; both are to be seen.
  charts.push(chart('latencies', (reading) => reading.latencyMillis, millis, {
    type: 'logarithmic',
    min: 1,
    suggestedMax: 100,
    afterBuildTicks: keepPowersOfTen,
    ticks: { callback: millis },
  }));
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    charts.forEach(colour);
    charts.forEach((each) => each.update());
  });
}

/**
 * Draws what is there now.
 *
 * @param {object[]} readings in any order, each with its time in milliseconds as `at`
 * @param {number} now in milliseconds, by the consumer's clock
 * @param {number} pollIntervalMillis from the start of one poll to the start of the next
 */
export function drawCharts(readings, now, pollIntervalMillis) {
  const room = (charts[0]?.chartArea?.width ?? 0) / POINT_WIDTH;
  if (room <= 0) {
    return; // For a moment, while the window changes its size; there will be a call for the new one.
  }
  const oldest = now - Math.min(SHOWN, Math.max(SHOWN_AT_LEAST, room)) * pollIntervalMillis;
  // Chart.js relies on their order, which a clock that was set, or the readings of another consumer, do not keep.
  const shown = readings.filter((reading) => reading.at >= oldest && reading.at <= now).sort((a, b) => a.at - b.at);
  const start = Math.min(shown[0]?.at ?? now, now - SHOWN_AT_LEAST * pollIntervalMillis);
  for (const each of charts) {
    // At least 1, as a logarithmic scale has no 0.
    each.data.datasets[0].data = shown.map((reading) => ({ x: reading.at, y: Math.max(1, each.valueOf(reading)), reading }));
    // A line across an outage would tell of readings that never were.
    each.data.datasets[0].spanGaps = 3 * pollIntervalMillis;
    Object.assign(each.options.scales.x, { display: true, min: start, max: now });
    each.update();
  }
  describe(shown);
}

function chart(id, valueOf, format, y) {
  const created = new window.Chart(document.getElementById(id), {
    type: 'line',
    data: { datasets: [{ data: [], pointStyle: (point) => mark(point).point }] },
    options: {
      animation: false,
      maintainAspectRatio: false,
      parsing: false,
      clip: 8,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      layout: { padding: { top: 8, right: 8 } },
      scales: {
        x: {
          type: 'linear',
          // Without a reading there is no time to show.
          display: false,
          afterBuildTicks: setTicks,
          border: { display: false },
          grid: { display: false },
          ticks: { autoSkip: false, maxRotation: 0, callback: tickLabel },
        },
        // As wide in both, so that the same moment is at the same place.
        y: { border: { display: false }, afterFit: (scale) => Object.assign(scale, { width: Y_AXIS_WIDTH }), ...y },
      },
      plugins: {
        legend: { display: false },
        tooltip: {
          usePointStyle: true,
          callbacks: {
            title: ([point]) => dateAndTime(point.raw.x),
            label: ({ raw: { reading } }) => ` ${format(valueOf(reading))} from ${reading.replica}`,
          },
        },
      },
    },
  });
  created.valueOf = valueOf;
  colour(created);
  return created;
}

/** Takes all colours from the style sheet, where dark and light are. */
function colour(each) {
  const style = getComputedStyle(document.documentElement);
  const variable = (name) => style.getPropertyValue(name).trim();
  const { datasets } = each.data;
  const { scales, plugins } = each.options;
  const ofReplica = (point) => variable(mark(point).colour);
  Object.assign(datasets[0], {
    borderColor: variable('--line'),
    borderWidth: 1,
    pointBackgroundColor: ofReplica,
    pointBorderColor: ofReplica,
    pointRadius: 2.5,
    pointHoverRadius: 6,
  });
  for (const axis of [scales.x, scales.y]) {
    axis.ticks.color = variable('--muted');
    axis.ticks.font = { family: getComputedStyle(document.body).fontFamily };
  }
  scales.y.grid = { color: variable('--grid') };
  Object.assign(plugins.tooltip, {
    backgroundColor: variable('--text'),
    titleColor: variable('--card'),
    bodyColor: variable('--card'),
  });
}

/** Chart.js also asks for the points of no reading in particular. */
function mark(point) {
  return point.raw ? markOf(point.raw.reading.replica) : { colour: '--line', point: 'circle' };
}

function keepPowersOfTen(scale) {
  scale.ticks = scale.ticks.filter(({ value }) => Number.isInteger(Math.log10(value)));
}

/** At round times of day, as many as there is room for. */
function setTicks(scale) {
  const span = scale.max - scale.min;
  const step = 1000 * (STEPS.find((each) => (span / 1000 / each) * labelWidth(each) <= scale.width) ?? span / 1000);
  // A label at the very end would make the chart give way to it.
  const end = scale.max - (labelWidth(step / 1000) / 2 / scale.width) * span;
  const zone = new Date(scale.min).getTimezoneOffset() * 60_000;
  scale.ticks = [];
  for (let value = Math.ceil((scale.min - zone) / step) * step + zone; value <= end; value += step) {
    scale.ticks.push({ value });
  }
}

/** From steps of half an hour on the chart may show yesterday. */
function labelWidth(step) {
  if (step >= 1800) {
    return DAY_LABEL_WIDTH;
  }
  return step < 60 ? LABEL_WIDTH : SHORT_LABEL_WIDTH;
}

function tickLabel(at, index, ticks) {
  if (labelWidth((ticks[1]?.value - ticks[0].value) / 1000) === DAY_LABEL_WIDTH) {
    return shortTime(at);
  }
  const wholeMinutes = ticks.every(({ value }) => value % 60_000 === 0);
  return wholeMinutes ? shortTimeOfDay(at) : timeOfDay(at);
}

/** Says what the charts show to those who can't see them. */
function describe(shown) {
  if (shown.length === 0) {
    return;
  }
  const newest = shown.at(-1);
  const numbers = shown.map((reading) => reading.number);
  const latencies = shown.map((reading) => reading.latencyMillis).sort((a, b) => a - b);
  const since = `since ${shortTime(shown[0].at)}`;
  label('numbers', `Chart of ${count(shown.length)} numbers ${since}: from ${Math.min(...numbers)} to `
    + `${Math.max(...numbers)}, the newest is ${newest.number}`);
  label('latencies', `Chart of ${count(shown.length)} latencies ${since}: half are up to `
    + `${millis(latencies[latencies.length >> 1])}, the longest is ${millis(latencies.at(-1))}, the newest `
    + `${millis(newest.latencyMillis)}`);
}

function label(id, text) {
  document.getElementById(id).setAttribute('aria-label', text);
}
