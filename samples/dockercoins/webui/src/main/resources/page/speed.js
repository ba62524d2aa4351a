/** What the samples mean. Functions without the page: PageTests calls each of them alone. */

/** The worker reports once a second, so a shorter time would show steps of three hashes. */
export const MEAN_MILLIS = 10_000;

/** The mean of a shorter time would be a matter of luck. */
const SHORTEST_MILLIS = 3_000;

/** Without a new hash for this long, no worker works. A worker that waits for a busy rng needs a second or two. */
export const STALLED_MILLIS = 5_000;

/** A longer time between two samples is an outage of Redis or of webui. */
const GAP_MILLIS = 3_000;

/**
 * The mean speed before each sample.
 *
 * @param {{at: number, hashes: number, begins: boolean}[]} samples oldest first
 * @return {{at: number, speed: ?number}[]} null where there is none yet: at first, after a gap, and after a loss of data
 */
export function speeds(samples) {
  let first = 0;
  return samples.map(({ at, hashes, begins }, index) => {
    const before = samples[index - 1];
    if (before && (begins || at - before.at > GAP_MILLIS || hashes < before.hashes)) {
      first = index;
    }
    while (at - samples[first].at > MEAN_MILLIS) {
      first++;
    }
    const millis = at - samples[first].at;
    return { at, speed: millis >= SHORTEST_MILLIS ? (1000 * (hashes - samples[first].hashes)) / millis : null };
  });
}

/**
 * When the number of hashes last grew.
 *
 * @return {?number} its time, null if it never did
 */
export function lastGrowth(samples) {
  for (let index = samples.length - 1; index > 0; index--) {
    if (samples[index].hashes > samples[index - 1].hashes) {
      return samples[index].at;
    }
  }
  return null;
}

/**
 * The state in words.
 *
 * @param {?object} view the answer of webui, null if there was none
 * @param {object[]} samples oldest first
 * @return {{state: string, title: string, reason: string}}
 */
export function stateOf(view, samples) {
  if (!view) {
    return {
      state: 'lost',
      title: 'webui is not reachable',
      reason: 'This page tries to connect every second. It shows what it received before.',
    };
  }
  if (view.redisFailure) {
    return {
      state: 'redis',
      title: 'Redis does not answer',
      reason: `${view.redisFailure}. The counts are those from before.`,
    };
  }
  const since = (samples.at(-1)?.at ?? 0) - (lastGrowth(samples) ?? samples[0]?.at ?? 0);
  if (since >= STALLED_MILLIS) {
    return {
      state: 'stalled',
      title: 'No new hashes',
      reason: view.workerFailure ?? 'No worker reports a failure: check that a worker runs.',
    };
  }
  if (lastGrowth(samples) === null) {
    return { state: 'waiting', title: 'Waiting for hashes', reason: 'Redis answers. There are no new hashes yet.' };
  }
  return view.workerFailure ? { state: 'partly', title: 'Mining, with a failure', reason: view.workerFailure }
    : { state: 'mining', title: 'Mining', reason: 'The workers make hashes.' };
}
