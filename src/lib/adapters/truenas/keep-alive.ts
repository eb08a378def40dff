import { type Millis } from '../../core/model/units.ts';
import { type RpcSocket } from './rpc-socket.ts';

/** The nginx before TrueNAS ends a connection on which nothing was said for a minute. */
const PING_INTERVAL = 20_000;

/**
 * Says something now and then for as long as the connection lasts, and ends one that no longer answers.
 *
 * @param patience how long an answer may take
 */
export function keepAlive(socket: RpcSocket, patience: Millis): void {
  const pinger = setInterval(() => {
    const deadline = AbortSignal.timeout(patience);
    socket.call('core.ping', [], deadline).catch(() => {
      // Where nothing comes back at all the other end is gone, and nobody has told this one.
      if (deadline.aborted) socket.abandon();
    });
  }, PING_INTERVAL).unref();
  void socket.ended.then(() => {
    clearInterval(pinger);
  });
}
