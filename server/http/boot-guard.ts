/**
 * Stands first in the page of the activist's link, before anything can fail, in words that the oldest browser
 * understands. When a file of the page does not arrive, it loads the page again, a little later each time (what did
 * arrive comes from the browser's store); without a connection it waits for one. A browser too old for the page, and a
 * page that fails for another reason, show the telephone instead. Opened by plain http, it goes on to the same page by https.
 *
 * The page tells it by `document.documentElement.dataset.survey = 'ready'` that everything is there.
 */
export const bootGuard = `(function () {
  var root = document.documentElement;
  var key = 'zimnik.survey-boot';
  var waiting = false;
  function tries(set) {
    try {
      if (set !== undefined) sessionStorage.setItem(key, String(set));
      return Number(sessionStorage.getItem(key)) || 0;
    } catch (error) {
      return 9;
    }
  }
  function call() {
    var help = document.getElementById('survey-old');
    if (help) help.hidden = false;
  }
  function again() {
    if (waiting || root.getAttribute('data-survey') === 'ready') return;
    waiting = true;
    var count = tries();
    if (count >= 5) return call();
    var reload = function () {
      tries(count + 1);
      location.reload();
    };
    if (navigator.onLine === false) addEventListener('online', reload);
    else setTimeout(reload, 1000 * Math.pow(2, count));
  }
  var https = document.querySelector('meta[property="og:url"][content^="https:"]');
  if (https && window.isSecureContext === false) return location.replace(https.content);
  var script = document.createElement('script');
  if (!('noModule' in script) || !window.Promise || !Promise.allSettled || !window.indexedDB) {
    addEventListener('DOMContentLoaded', call);
    return;
  }
  addEventListener(
    'error',
    function (event) {
      var name = event.target && event.target.nodeName;
      if (name === 'SCRIPT' || name === 'LINK') again();
    },
    true
  );
  addEventListener('unhandledrejection', function (event) {
    if (/import|module|fetch/i.test(String(event.reason && event.reason.message))) again();
  });
  addEventListener('load', function () {
    setTimeout(function () {
      if (root.getAttribute('data-survey') === 'ready') tries(0);
      else call();
    }, 20000);
  });
})();`;
