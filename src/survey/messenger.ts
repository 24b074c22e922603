/** Messengers whose built-in browser keeps its own storage, which it may clear. */
const messengers: readonly (readonly [RegExp, string])[] = [
  [/\bVKAndroidApp|\bVKiOSApp|com[._]vk[._]/i, 'ВКонтакте'],
  [/OkApp|OKAndroid|odnoklassniki/i, 'Одноклассники'],
  [/Telegram/i, 'Telegram'],
  [/WhatsApp/i, 'WhatsApp'],
  [/Viber/i, 'Viber'],
  [/\bMAX\/|MaxMessenger|\boneme\b/i, 'MAX']
];

/** The messenger inside which the page is open; «приложения» when only Android's WebView is known; undefined in a browser. */
export function messengerOf(userAgent: string): string | undefined {
  const known = messengers.find(([pattern]) => pattern.test(userAgent));
  if (known !== undefined) return known[1];
  // Android's WebView says so; a page inside an iPhone's app lacks the word that its browsers have.
  return /; wv\)|iP(?:hone|ad)(?!.*Safari\/)|\bFBA[NV]\b|Instagram/.test(userAgent) ? '' : undefined;
}

/** Android opens this address in a real browser; elsewhere there is no such way and the link is copied. */
export function browserAddress(url: URL, userAgent: string): string | undefined {
  if (!/Android/i.test(userAgent)) return undefined;
  return `intent://${url.host}${url.pathname}${url.search}#Intent;scheme=${url.protocol.slice(0, -1)};end`;
}
