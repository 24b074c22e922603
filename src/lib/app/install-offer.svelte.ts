/** What Chromium gives when the page can be put on the home screen. */
interface InstallPrompt extends Event {
  readonly prompt: () => Promise<unknown>;
}

/** Keeps the browser's one offer to install the app until a person presses a button for it. */
class InstallOffer {
  #prompt = $state.raw<InstallPrompt>();

  constructor() {
    addEventListener('beforeinstallprompt', (event) => {
      if (!isPrompt(event)) return;
      event.preventDefault();
      this.#prompt = event;
    });
    addEventListener('appinstalled', () => (this.#prompt = undefined));
  }

  /** The browser would install the app now. */
  get open(): boolean {
    return this.#prompt !== undefined;
  }

  /** Shows the browser's own question; it can be asked once. */
  async ask(): Promise<void> {
    const prompt = this.#prompt;
    this.#prompt = undefined;
    await prompt?.prompt();
  }
}

function isPrompt(event: Event): event is InstallPrompt {
  return 'prompt' in event && typeof event.prompt === 'function';
}

/** One for the page: the browser makes its offer while the first screen is still loading. */
export const installOffer = new InstallOffer();
