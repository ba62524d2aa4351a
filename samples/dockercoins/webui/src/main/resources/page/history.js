/** The samples that webui has sent. The page keeps them when webui restarts and loses its own. */

/** As many as webui keeps: ten minutes. */
const SAMPLES = 600;

/** An answer is on its way for less. More means that this browser or the node of webui was asleep. */
const JUMP_MILLIS = 3_000;

export class History {

  /** Newest last, in the page's time. */
  samples = [];

  /** The time of the last sample that webui has sent, in webui's time. The page asks for later ones. */
  received = -1;

  /** When webui started, in the page's time. The times of samples count from there. */
  #start = -Infinity;

  /** The time of the last answer, in webui's time. */
  #answered = -1;

  /** Whether the next sample does not follow the one before. */
  #begins = false;

  /**
   * Adds an answer of webui.
   *
   * @param {{now: number, samples: {at: number, hashes: number, coins: number}[]}} view times in milliseconds since
   *     webui started
   * @param {number} now the page's time
   * @return {{from: number, to: number}[]} the numbers of hashes before and after each loss of data
   */
  add(view, now) {
    const start = now - view.now;
    const restarted = view.now < this.#answered;
    if (restarted) {
      // Its samples count from its start. The next answer brings the first of them too.
      this.received = -1;
    }
    if (restarted || Math.abs(start - this.#start) > JUMP_MILLIS) {
      this.#start = start;
      this.#begins = true;
    }
    this.#answered = view.now;
    return view.samples.flatMap((sample) => this.#addSample(sample));
  }

  #addSample({ at, hashes, coins }) {
    this.received = at;
    const sample = { at: this.#start + at, hashes, coins, begins: this.#begins };
    const last = this.samples.at(-1);
    if (last && sample.at <= last.at) {
      return [];
    }
    this.#begins = false;
    this.samples.push(sample);
    if (this.samples.length > SAMPLES) {
      this.samples.shift();
    }
    return last && hashes < last.hashes ? [{ from: last.hashes, to: hashes }] : [];
  }

}
