/** Path of the activist's page among the links that the server printed. */
export function surveyPath(links: readonly string[]): string {
  const link = links.find((one) => one.includes('/survey/'));
  if (link === undefined) throw new Error('The server printed no survey link');
  return new URL(link).pathname;
}
