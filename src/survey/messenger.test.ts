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

  it.each([
    ['VKAndroidApp/8.10-15000 (Android 10; SDK 29)', 'ВКонтакте'],
    ['com.vk.vkclient/6012', 'ВКонтакте'],
    ['OkApp Android', 'Одноклассники'],
    ['Telegram-Android/10.0 (Xiaomi M2004J19C; Android 10)', 'Telegram'],
    ['WhatsApp/2.23', 'WhatsApp'],
    ['Viber/21.0', 'Viber'],
    ['MAX/25.1', 'MAX']
  ])('is told by %s', (mark, app) => {
    expect(messengerOf(`${chrome} ${mark}`)).toBe(app);
  });

  it('is told on an iPhone by the missing word of its browsers', () => {
    const iphone =
      'Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
    expect(messengerOf(`${iphone} Mobile/15E148`)).toBe('');
    expect(messengerOf(`${iphone} Version/16.6 Mobile/15E148 Safari/604.1`)).toBeUndefined();
    expect(browserAddress(new URL('https://centre.example/survey/kedr2026'), iphone)).toBeUndefined();
  });

  it('is not seen in a plain browser', () => {
    expect(messengerOf(chrome)).toBeUndefined();
  });

  it('can be left on Android, with the secret kept in the path', () => {
    const address = browserAddress(new URL('https://centre.example/survey/kedr2026?lang=ru'), chrome);
    expect(address).toBe('intent://centre.example/survey/kedr2026?lang=ru#Intent;scheme=https;end');
  });
});
