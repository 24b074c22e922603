import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as forward } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What belongs to one connection of HTTP/1.1 and has no place in HTTP/2. */
const ofConnection = new Set(['connection', 'keep-alive', 'transfer-encoding']);

/** What stands before a server in real use: TLS and HTTP/2, as Caddy gives them. `target`: the port behind it. */
export async function openSecureFront(
  target: number
): Promise<{ readonly port: number; readonly close: () => void }> {
  const sockets = new Set<Socket>();
  const server: Http2SecureServer = createSecureServer(makeCertificate(), (incoming, outgoing) => {
    const headers = Object.entries(incoming.headers).filter(([name]) => !name.startsWith(':'));
    const upstream = forward(
      {
        host: 'localhost',
        port: target,
        path: incoming.url,
        method: incoming.method,
        headers: { ...Object.fromEntries(headers), host: incoming.authority }
      },
      (answer) => {
        const heads = Object.entries(answer.headers).filter(([name]) => !ofConnection.has(name));
        outgoing.writeHead(answer.statusCode ?? 502, Object.fromEntries(heads));
        answer.pipe(outgoing);
      }
    );
    upstream.on('error', () => outgoing.stream.destroy());
    incoming.pipe(upstream);
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
    }
  };
}

function makeCertificate(): { readonly key: Buffer; readonly cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'zimnik-bench-tls-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const words =
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost';
    const { status, stderr, error } = spawnSync(
      'openssl',
      [...words.split(' '), '-keyout', key, '-out', cert],
      { encoding: 'utf8' }
    );
    if (status !== 0) throw new Error(`openssl made no certificate: ${error?.message ?? stderr}`);
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
