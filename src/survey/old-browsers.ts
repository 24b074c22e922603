/** What Svelte asks of a browser and Chrome 80 to 84 do not have; every other newer method is kept out of this page. */
if (typeof String.prototype.replaceAll !== 'function') {
  String.prototype.replaceAll = function (
    this: string,
    pattern: string | RegExp,
    // What is put in: of the two forms only a text is used here.
    replacement: unknown
  ): string {
    return typeof pattern === 'string'
      ? this.split(pattern).join(String(replacement))
      : this.replace(pattern, String(replacement));
  };
}
