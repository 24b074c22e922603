const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** An id like those that devices draw. */
export function randomId(random: () => number): string {
  return Array.from({ length: 12 }, () => letters[Math.floor(random() * 64)]).join('');
}
