/** One colour and one shape for each replica, everywhere on the page: shapes for people who do not see the colours apart. */

const COLOURS = 6;

/** Their names in Chart.js, and the character for each. */
const SHAPES = [
  { point: 'circle', text: '●' },
  { point: 'rect', text: '■' },
  { point: 'triangle', text: '▲' },
  { point: 'rectRot', text: '◆' },
  { point: 'crossRot', text: '✕' },
];

const marks = new Map();

/**
 * The mark of a replica. As there are 5 shapes and 6 colours, the 31st gets the mark of the first.
 *
 * @param {string} replica the name of a replica
 * @return {{colour: string, point: string, text: string}} the name of a CSS variable, and a shape
 */
export function markOf(replica) {
  if (!marks.has(replica)) {
    const number = marks.size;
    marks.set(replica, { colour: `--replica-${(number % COLOURS) + 1}`, ...SHAPES[number % SHAPES.length] });
  }
  return marks.get(replica);
}
