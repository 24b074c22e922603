import lighthouse from 'lighthouse';

/**
 * One run of Lighthouse in a browser that listens for debugging at `port`. `isKept`: what it has stored stays.
 * @returns {Promise<unknown>} its report
 */
export async function audit(url, port, isKept) {
  const result = await lighthouse(url, {
    port,
    logLevel: 'error',
    onlyCategories: ['performance', 'accessibility', 'best-practices'],
    disableStorageReset: isKept
  });
  return result.lhr;
}
