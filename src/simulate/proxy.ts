import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** How a bad line fails: the answer is dropped, the request is cut in its middle, or both sides hear nothing more. */
export type BadLine = 'dropsAnswer' | 'cutsRequest' | 'halfOpen';

/** Bytes of a request that a line lets through before it is cut. */
const CUT_AFTER = 900;

/** A line between tills and one API process that fails in one way, for every connection. */
export class FaultyLine {
  /** How often it failed so that somebody could see it. */
  failed = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server, readonly port: number) {}

  static async open(kind: BadLine, target: () => number): Promise<FaultyLine> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const line = new FaultyLine(server, (server.address() as AddressInfo).port);
    server.on('connection', (till) => line.carry(kind, till, target()));
    return line;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((done) => this.server.close(() => done()));
  }

  private carry(kind: BadLine, till: Socket, port: number): void {
    const api = connect(port, '127.0.0.1');
    for (const socket of [till, api]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.sockets.delete(socket));
    }
    let sent = 0;
    till.on('data', (part: Buffer) => {
      const room = kind === 'cutsRequest' ? CUT_AFTER - sent : part.length;
      sent += part.length;
      api.write(part.subarray(0, Math.max(0, room)));
      if (room >= part.length) return;
      this.failed += 1;
      till.destroy();
      api.end();
    });
    api.once('data', () => {
      this.failed += 1;
      if (kind === 'dropsAnswer') till.destroy();
      // Half open: the till waits for an answer that has long been given.
    });
    till.on('close', () => api.destroy());
    api.on('close', () => kind !== 'halfOpen' && till.destroy());
  }
}
