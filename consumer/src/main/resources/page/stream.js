/** The consumer sends something every 10 s at least; after so long the connection is half open, or it is gone. */
const SILENCE_MILLIS = 25_000;

const PAUSE_MILLIS = 2_000;

/**
 * Listens to server-sent events, again and again.
 *
 * EventSource itself gives up for good after an HTTP error, and notices nothing when the other machine loses its
 * power. So it gets a new one after every kind of trouble.
 *
 * @param {string} url where the events come from
 * @param {Object<string, function(object, string): void>} receivers what to call for each kind of event, with its data
 * and its ID
 * @param {function(): void} lost what to call when the connection is gone; once more for each attempt that fails
 */
export function listen(url, receivers, lost) {
  let source = null;
  let pause;
  let heardAt;

  function open() {
    source = new EventSource(url);
    source.onerror = giveUp;
    for (const [kind, receive] of Object.entries(receivers)) {
      source.addEventListener(kind, (event) => {
        heardAt = Date.now();
        receive(JSON.parse(event.data), event.lastEventId);
      });
    }
    heardAt = Date.now();
  }

  function stop() {
    clearTimeout(pause);
    source?.close();
    source = null;
  }

  function giveUp() {
    stop();
    pause = setTimeout(open, PAUSE_MILLIS);
    lost();
  }

  /** By the time of day, which goes on while a laptop sleeps; should somebody set it, there is but a new connection. */
  function checkSilence() {
    if (source && Math.abs(Date.now() - heardAt) > SILENCE_MILLIS) {
      giveUp();
    }
  }

  open();
  setInterval(checkSilence, 1000);
  // Browsers keep a page that one leaves for the way back, with its connection; after six of them, which is all that
  // a browser opens to one host, the next visit would wait for a minute.
  window.addEventListener('pagehide', stop);
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) {
      open();
    }
  });
}
