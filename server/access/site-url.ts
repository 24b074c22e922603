/** Whether browsers reach the server by https: cookies are then bound to this host and to https. */
export function isSecureUrl(url: string): boolean {
  return url.startsWith('https://');
}

/** Whether browsers on this machine itself are meant: the only plain http where offline work is possible. */
export function isLocalhost(url: string): boolean {
  return new URL(url).hostname === 'localhost';
}
