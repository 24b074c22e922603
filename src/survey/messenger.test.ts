import { describe, expect, it } from 'vitest';
import { browserAddress, messengerOf } from './messenger.ts';

const chrome =
  'Mozilla/5.0 (Linux; Android 10; M2004J19C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/112.0.0.0 Mobile Safari/537.36';

describe('the browser inside a messenger', () => {
  it('is told by its name', () => {
    expect(messengerOf(`${chrome} VKAndroidApp/8.10-15000`)).toBe('ВКонтакте');
    expect(messengerOf(`${chrome} Telegram-Android/10.0`)).toBe('Telegram');
  });

  it('is told by the mark of a WebView when its name is not known', () => {
    expect(messengerOf(chrome.replace('M2004J19C)', 'M2004J19C; wv)'))).toBe('');
  });

  it('is not seen in a plain browser', () => {
    expect(messengerOf(chrome)).toBeUndefined();
  });

  it('can be left on Android, with the secret kept in the path', () => {
    const address = browserAddress(new URL('https://centre.example/survey/kedr2026?lang=ru'), chrome);
    expect(address).toBe('intent://centre.example/survey/kedr2026?lang=ru#Intent;scheme=https;end');
  });
});
