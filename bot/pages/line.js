/**
 * The line to the assistant, as Web Chat wants it (`activity$`, `connectionStatus$`, `postActivity`).
 *
 * It speaks Direct Line 3.0 and finds its way back by itself. The client that comes with Web Chat
 * waits up to half a minute after a restart, gives up for good after a quarter of an hour, and
 * opens several sockets at once when its token has expired.
 */

const ROOT = '/v3/directline/';
// DirectLineJS's numbers. The page itself says when there is no connection, so the others are not used.
const ONLINE = 2, ENDED = 5;
const FIRST_PAUSE = 500, LONGEST_PAUSE = 15_000;
const KEEP_ALIVE = 20_000;
const REQUEST_TIMEOUT = 60_000; // a turn may have to wait for a slow directory
const KEEP_POSTING = 25_000;

/** The server answered, but not with what was asked for. */
class Refusal extends Error {
  constructor(status) {
    super(`answered ${status}`);
    this.status = status;
  }
}

/** Something to subscribe to; where it `keeps` its latest value, who comes later is told that first. */
class Feed {
  #listeners = new Set();

  constructor({ keeps = false } = {}) {
    this.keeps = keeps;
  }

  subscribe(listener) {
    this.#listeners.add(listener);
    if (this.latest !== undefined) listener.next?.(this.latest);
    return { unsubscribe: () => this.#listeners.delete(listener) };
  }

  next(value) {
    if (this.keeps) this.latest = value;
    for (const listener of [...this.#listeners]) listener.next?.(value);
  }
}

export class Line {
  activity$ = new Feed();
  connectionStatus$ = new Feed({ keeps: true });
  #ended = new AbortController();
  #posting = Promise.resolve();
  #token = '';
  #watermark = '';

  /**
   * Goes on with `conversation` where there is one. Tells `opened(conversation)` whenever it is
   * connected, `lost()` when it is not any more, and `gone()`, as its last word, when the server
   * does not know the conversation.
   */
  constructor(person, conversation, { opened, lost, gone }) {
    this.person = person;
    this.conversation = conversation;
    this.tell = { opened, lost, gone };
    this.#run();
  }

  end() {
    this.#ended.abort();
    clearTimeout(this.renewal);
    this.connectionStatus$.next(ENDED);
  }

  postActivity(activity) {
    // One after the other: a second message must not overtake a first one that is tried again.
    this.#posting = this.#posting.then(() => this.#post(activity), () => this.#post(activity));
    const posted = this.#posting;
    return {
      subscribe(listener) {
        posted.then((id) => { listener.next?.(id); listener.complete?.(); }, (error) => listener.error?.(error));
        return { unsubscribe() {} };
      },
    };
  }

  async #run() {
    let pause = FIRST_PAUSE;
    while (!this.#ended.signal.aborted) {
      try {
        const { streamUrl } = await this.#call('conversations');
        if (await this.#listen(streamUrl)) pause = FIRST_PAUSE;
      } catch (error) {
        console.info('The assistant cannot be reached:', error.message);
      }
      if (this.#ended.signal.aborted) return;
      this.tell.lost();
      await this.#wait(pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }

  /** Hands on what arrives until the socket closes; resolves to whether it had ever opened. */
  #listen(streamUrl) {
    // Seen from here: behind a proxy the server may not know how it is reached.
    const { pathname, search } = new URL(streamUrl);
    const url = new URL(pathname + search, location.href.replace(/^http/, 'ws'));
    url.searchParams.set('watermark', this.#watermark);
    const socket = new WebSocket(url);
    const closeWhenEnded = () => socket.close();
    this.#ended.signal.addEventListener('abort', closeWhenEnded);
    return new Promise((resolve) => {
      let opened = false, alive;
      socket.onopen = () => {
        opened = true;
        // Without a word now and then a browser is slow to notice that a connection is dead.
        alive = setInterval(() => socket.send(''), KEEP_ALIVE);
        this.connectionStatus$.next(ONLINE);
        this.tell.opened(this.conversation);
      };
      socket.onmessage = ({ data }) => data && this.#receive(JSON.parse(data));
      socket.onclose = () => {
        clearInterval(alive);
        this.#ended.signal.removeEventListener('abort', closeWhenEnded);
        resolve(opened);
      };
    });
  }

  #receive({ activities, watermark }) {
    if (watermark) this.#watermark = watermark; // what only shows that work is under way has none
    for (const activity of activities) this.activity$.next(activity);
  }

  async #post(activity) {
    // The server knows a message again by its clientActivityID, so a second try is not a second one.
    const until = Date.now() + KEEP_POSTING;
    for (;;) {
      try {
        return (await this.#call(`conversations/${this.conversation}/activities`, activity)).id;
      } catch (error) {
        if (this.#ended.signal.aborted || error.status < 500 || Date.now() > until) throw error;
        await this.#wait(1_000);
      }
    }
  }

  /** Asks with our token; a token that is refused is replaced once. */
  async #call(path, body = {}) {
    if (!this.#token) await this.#introduce();
    try {
      return this.#keep(await this.#ask(path, body));
    } catch (error) {
      if (error.status !== 403) throw error;
    }
    await this.#introduce();
    return this.#keep(await this.#ask(path, body));
  }

  /** Says who we are, and gets a token for our conversation, or for a new one. */
  async #introduce() {
    const wish = { user: { id: this.person }, conversationId: this.conversation || undefined };
    this.#token = '';
    try {
      const { conversationId } = this.#keep(await this.#ask('tokens/generate', wish));
      this.conversation = conversationId;
    } catch (error) {
      if (!this.conversation || ![403, 404].includes(error.status)) throw error;
      this.end();
      this.tell.gone();
      throw new Error('the conversation is not there any more');
    }
  }

  /** Keeps the token that comes with an answer, and sees to it that it does not run out. */
  #keep(answer) {
    if (!answer.token) return answer;
    this.#token = answer.token;
    clearTimeout(this.renewal);
    this.renewal = setTimeout(() => this.#call('tokens/refresh').catch(() => {}), answer.expires_in * 500);
    return answer;
  }

  async #ask(path, body) {
    const headers = { 'Content-Type': 'application/json' };
    if (this.#token) headers.Authorization = `Bearer ${this.#token}`;
    const signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(REQUEST_TIMEOUT)]);
    const response = await fetch(ROOT + path, { method: 'POST', headers, body: JSON.stringify(body), signal });
    if (!response.ok) throw new Refusal(response.status);
    return response.json();
  }

  /** Waits, but no longer than until the network is back or there is nothing to wait for. */
  #wait(milliseconds) {
    return new Promise((resolve) => {
      const woken = new AbortController();
      const wake = () => { woken.abort(); resolve(); };
      setTimeout(wake, milliseconds);
      addEventListener('online', wake, { signal: woken.signal });
      this.#ended.signal.addEventListener('abort', wake, { signal: woken.signal });
    });
  }
}
