import { count, dateAndTime, millis, shortTime, shortTimeOfDay, timeOfDay } from './words.js';
import { markOf } from './marks.js';

/** How many polls the charts show at most; half an hour at the usual pace. */
export const SHOWN = 600;

/** In pixels. Points closer to each other could not be told apart, so a narrow screen shows less time. */
const POINT_WIDTH = 3;

/** Without it, the first points would be a whole screen apart. */
const SHOWN_AT_LEAST = 40;

/** Times between labels below the charts, in seconds: values that people find round. */
const STEPS = [5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400, 604_800];

/** In pixels: a label with seconds, without seconds, and with the day. */
const LABEL_WIDTH = 90;

const SHORT_LABEL_WIDTH = 64;

const DAY_LABEL_WIDTH = 120;

const Y_AXIS_WIDTH = 72;

const charts = [];

/**
 * Creates both charts, which change their colours when the system changes between light and dark.
 *
 * @param {function(): void} resized what to call when the charts get another size
 */
export function createCharts(resized) {
  if (!window.Chart) {
    return; // The rest of the page works without Chart.js.
  }
  window.Chart.defaults.onResize = resized;
  charts.push(chart('numbers', (reading) => reading.number, count, {
    min: 0,
    max: 180,
    ticks: { stepSize: 60 },
  }));
  // A poll with retries takes a hundred times as long as one without; a logarithmic scale shows both.
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
 * Draws the readings.
 *
 * @param {object[]} readings in any order, each with its time in milliseconds as `at`
 * @param {number} now in milliseconds, by the consumer's clock
 * @param {number} pollIntervalMillis from the start of one poll to the start of the next
 */
export function drawCharts(readings, now, pollIntervalMillis) {
  const room = (charts[0]?.chartArea?.width ?? 0) / POINT_WIDTH;
  if (room <= 0) {
    return; // The window is changing its size; another call follows.
  }
  const oldest = now - Math.min(SHOWN, Math.max(SHOWN_AT_LEAST, room)) * pollIntervalMillis;
  // Chart.js needs them in order. A clock that was set, or the readings of another consumer, can break it.
  const shown = readings.filter((reading) => reading.at >= oldest && reading.at <= now).sort((a, b) => a.at - b.at);
  const start = Math.min(shown[0]?.at ?? now, now - SHOWN_AT_LEAST * pollIntervalMillis);
  for (const each of charts) {
    // At least 1: a logarithmic scale has no 0.
    each.data.datasets[0].data = shown.map((reading) => ({ x: reading.at, y: Math.max(1, each.valueOf(reading)), reading }));
    // A line across an outage would show readings that never existed.
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
          // Shown with the first reading.
          display: false,
          afterBuildTicks: setTicks,
          border: { display: false },
          grid: { display: false },
          ticks: { autoSkip: false, maxRotation: 0, callback: tickLabel },
        },
        // The same width in both charts, so that a moment has the same place in both.
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

/** Reads all colours from the style sheet, which has those for light and dark. */
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

/** Chart.js also asks for points without a reading. */
function mark(point) {
  return point.raw ? markOf(point.raw.reading.replica) : { colour: '--line', point: 'circle' };
}

function keepPowersOfTen(scale) {
  scale.ticks = scale.ticks.filter(({ value }) => Number.isInteger(Math.log10(value)));
}

/** Puts labels at round times of day, as many as there is room for. */
export function setTicks(scale) {
  const span = scale.max - scale.min;
  const step = 1000 * (STEPS.find((each) => (span / 1000 / each) * labelWidth(each) <= scale.width) ?? span / 1000);
  // A label at the very end would make the chart narrower.
  const end = scale.max - (labelWidth(step / 1000) / 2 / scale.width) * span;
  const zone = new Date(scale.min).getTimezoneOffset() * 60_000;
  scale.ticks = [];
  for (let value = Math.ceil((scale.min - zone) / step) * step + zone; value <= end; value += step) {
    scale.ticks.push({ value });
  }
}

/** With steps of half an hour or more, the chart may also show yesterday. */
function labelWidth(step) {
  if (step >= 1800) {
    return DAY_LABEL_WIDTH;
  }
  return step < 60 ? LABEL_WIDTH : SHORT_LABEL_WIDTH;
}

export function tickLabel(at, index, ticks) {
  if (labelWidth((ticks[1]?.value - ticks[0].value) / 1000) === DAY_LABEL_WIDTH) {
    return shortTime(at);
  }
  const wholeMinutes = ticks.every(({ value }) => value % 60_000 === 0);
  return wholeMinutes ? shortTimeOfDay(at) : timeOfDay(at);
}

/** Describes the charts to people who cannot see them. */
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
