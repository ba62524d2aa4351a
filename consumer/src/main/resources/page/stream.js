/** The consumer sends an event every 10 s at least. After this silence the connection is half open, or the consumer is gone. */
const SILENCE_MILLIS = 25_000;

const PAUSE_MILLIS = 2_000;

/**
 * Listens to server-sent events, and connects again after every kind of failure.
 *
 * An EventSource stops for good after an HTTP error, and does not notice that the other machine lost its power. So each
 * failure gets a new EventSource. It can send no header, so the ID of the last event is part of the URL.
 *
 * @param {string} url the address of the stream
 * @param {Object<string, function(object, string): void>} receivers what to call for each kind of event, with its data
 * and its ID
 * @param {function(): void} lost what to call when the connection is lost, and for each attempt that fails
 */
export function listen(url, receivers, lost) {
  let source = null;
  let pause;
  let heardAt;
  let lastId = '';

  function open() {
    source = new EventSource(lastId ? `${url}?lastEventId=${lastId}` : url);
    source.onerror = giveUp;
    for (const [kind, receive] of Object.entries(receivers)) {
      source.addEventListener(kind, (event) => {
        heardAt = Date.now();
        lastId = event.lastEventId || lastId;
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

  /** Uses the time of day, which goes on while a laptop sleeps. If it is set, the page only connects once more. */
  function checkSilence() {
    if (source && Math.abs(Date.now() - heardAt) > SILENCE_MILLIS) {
      giveUp();
    }
  }

  open();
  setInterval(checkSilence, 1000);
  // Browsers keep a page that was left, with its connection, for the way back. They open six connections to one host:
  // after six such pages the next visit would wait for a minute.
  window.addEventListener('pagehide', stop);
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) {
      open();
    }
  });
}
