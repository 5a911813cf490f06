// The tabs of one person: what they tell each other, and whose turn it is.

export class Tabs<News> {
  private readonly channel: BroadcastChannel;
  private readonly stop = new AbortController();

  constructor(
    private readonly name: string,
    heard: (news: News) => void,
  ) {
    this.channel = new BroadcastChannel(name);
    this.channel.onmessage = ({ data }) => heard(data as News);
  }

  /** Aborted once this tab does not take part any more. */
  get stopped(): AbortSignal {
    return this.stop.signal;
  }

  tell(news: News): void {
    if (!this.stopped.aborted) this.channel.postMessage(news);
  }

  /** One at a time, in the order in which they asked; the turn of a tab that is closed passes on. */
  async inTurn(what: string, work: () => Promise<void>): Promise<void> {
    // Browsers have locks only where the page was loaded securely.
    if (!("locks" in navigator)) return work();
    const options = { signal: this.stopped };
    await navigator.locks.request(`${this.name} ${what}`, options, work).catch((error: unknown) => {
      if (!this.stopped.aborted) throw error;
    });
  }

  close(): void {
    this.stop.abort();
    this.channel.close();
  }
}
