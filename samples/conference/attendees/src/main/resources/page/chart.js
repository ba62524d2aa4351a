import { stalenessText } from './show.js';

/** How much time the chart shows, in seconds: the first that covers all changes. */
const SPANS = [60, 120, 300, 600, 3600];

let chart = null;

/** Creates the chart, which changes its colours when the system changes between light and dark. */
export function createChart() {
  if (!window.Chart) {
    return; // The rest of the page works without Chart.js.
  }
  chart = new window.Chart(document.getElementById('graph'), {
    // Points and no line: between two changes, there is nothing that could be old.
    type: 'scatter',
    data: { datasets: [{ data: [], pointRadius: 4, pointHitRadius: 12 }] },
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
        y: { min: 0, suggestedMax: 1, border: { display: false }, ticks: { maxTicksLimit: 6 } },
      },
      plugins: {
        legend: { display: false },
        tooltip: {
          displayColors: false,
          callbacks: {
            title: ([point]) => `${ago(point.raw.x)}`,
            label: ({ raw }) => `${stalenessText(raw.y * 1000)}, ${raw.href}`,
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
 * Draws the changes.
 *
 * @param {{applied: number, staleness: ?number, href: string}[]} changes oldest first
 * @param {number} now in milliseconds since 1970, by the clock of attendees
 */
export function drawChart(changes, now) {
  if (!chart) {
    return;
  }
  const data = changes.filter(({ staleness }) => staleness !== null)
    .map(({ applied, staleness, href }) => ({ x: (applied - now) / 1000, y: staleness / 1000, href }))
    .filter(({ x }) => x >= -SPANS.at(-1));
  const span = SPANS.find((each) => each >= -(data[0]?.x ?? 0)) ?? SPANS.at(-1);
  chart.data.datasets[0].data = data;
  chart.options.scales.x.min = -span;
  chart.update();
  const worst = Math.max(...data.map(({ y }) => y));
  document.getElementById('graph').setAttribute('aria-label', data.length === 0 ? 'No changes yet'
    : `Chart of the staleness of ${data.length} changes of the last ${ago(-span)}: up to ${stalenessText(worst * 1000)}`);
}

/** Reads all colours from the style sheet, which has those for light and dark. */
function colour() {
  const style = getComputedStyle(document.documentElement);
  const variable = (name) => style.getPropertyValue(name).trim();
  const { scales, plugins } = chart.options;
  Object.assign(chart.data.datasets[0], { borderColor: variable('--accent'), backgroundColor: variable('--accent') });
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
