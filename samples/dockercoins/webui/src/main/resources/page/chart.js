import { speedText } from './show.js';

/** How much time the chart shows, in seconds: the first that covers all samples. */
const SPANS = [60, 120, 300, 600];

/** Longer times between two points are gaps: a line across an outage would show a speed that never was. */
const GAP_SECONDS = 3;

let chart = null;

/** Creates the chart, which changes its colours when the system changes between light and dark. */
export function createChart() {
  if (!window.Chart) {
    return; // The rest of the page works without Chart.js.
  }
  chart = new window.Chart(document.getElementById('graph'), {
    type: 'line',
    data: { datasets: [{ data: [], spanGaps: GAP_SECONDS, pointRadius: 0, pointHitRadius: 12, borderWidth: 2, fill: true }] },
    options: {
      animation: false,
      maintainAspectRatio: false,
      parsing: false,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      layout: { padding: { top: 8, right: 8 } },
      scales: {
        x: {
          type: 'linear',
          min: -SPANS[0],
          max: 0,
          border: { display: false },
          grid: { display: false },
          ticks: { maxRotation: 0, callback: ago, count: 5 },
        },
        y: { min: 0, suggestedMax: 4, border: { display: false }, ticks: { maxTicksLimit: 6 } },
      },
      plugins: {
        legend: { display: false },
        tooltip: {
          displayColors: false,
          callbacks: {
            title: ([point]) => `${ago(point.raw.x)}`,
            label: ({ raw }) => `${speedText(raw.y)} hashes per second`,
          },
        },
      },
    },
  });
  colour();
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    colour();
    chart.update();
  });
}

/**
 * Draws the speeds.
 *
 * @param {{at: number, speed: ?number}[]} points oldest first
 * @param {number} now in milliseconds
 */
export function drawChart(points, now) {
  if (!chart) {
    return;
  }
  const data = points.filter(({ speed }) => speed !== null).map(({ at, speed }) => ({ x: (at - now) / 1000, y: speed }));
  const oldest = -(data[0]?.x ?? 0);
  const span = SPANS.find((each) => each >= oldest) ?? SPANS.at(-1);
  chart.data.datasets[0].data = data.filter(({ x }) => x >= -span);
  chart.options.scales.x.min = -span;
  chart.update();
  if (data.length > 0) {
    const fastest = Math.max(...data.map(({ y }) => y));
    document.getElementById('graph').setAttribute('aria-label',
      `Chart of the speed of the last ${ago(-span)}: up to ${speedText(fastest)}, now ${speedText(data.at(-1).y)} hashes per second`);
  }
}

/** Reads all colours from the style sheet, which has those for light and dark. */
function colour() {
  const style = getComputedStyle(document.documentElement);
  const variable = (name) => style.getPropertyValue(name).trim();
  const { scales, plugins } = chart.options;
  Object.assign(chart.data.datasets[0], { borderColor: variable('--accent'), backgroundColor: `${variable('--accent')}22` });
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

/** @param {number} seconds negative */
function ago(seconds) {
  if (seconds > -1) {
    return 'now';
  }
  return seconds <= -120 ? `${Math.round(-seconds / 6) / 10} min` : `${Math.round(-seconds)} s`;
}
