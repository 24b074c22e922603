import type { IncomingMessage } from 'node:http';

/** What travels with a request through the server. */
export interface AppEnv {
  Bindings: {
    /** Node's own request; absent in tests that call the app directly. */
    incoming?: IncomingMessage;
  };
  Variables: {
    requestId: string;
    /** The route's pattern: addresses themselves carry secrets (links, codes) and are never logged. */
    route: string;
  };
}
