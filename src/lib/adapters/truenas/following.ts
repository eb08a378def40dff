import { NasCallError } from './call-error.ts';
import { isRow } from './decode-values.ts';
import { orAbort, type RpcSocket } from './rpc-socket.ts';

/** Whoever follows collections of a system. */
export interface Following {
  /** From here on events come. @param count collections that are followed */
  readonly began: (count: number) => void;
  /** @param what `added`, `changed` or `removed`, and of which object, as TrueNAS says it */
  readonly happened: (collection: string, what: unknown, id: unknown) => void;
  /** This user, or this version, does not get to follow it. */
  readonly refused: (collection: string) => void;
}

/** Subscribes to collections, and tells what happens to them until the connection or a subscription ends. */
export async function followOn(
  socket: RpcSocket,
  subscribe: (collection: string) => Promise<void>,
  collections: readonly string[],
  { began, happened, refused }: Following,
  signal: AbortSignal,
): Promise<void> {
  const followed = new Set<string>();
  const lapsed = Promise.withResolvers<undefined>();
  const stop = socket.listen((method, params) => {
    const event = isRow(params) ? params : {};
    const collection = String(event['collection']);
    if (!followed.has(collection)) return;
    if (method === 'collection_update') happened(collection, event['msg'], event['id']);
    if (method === 'notify_unsubscribed') lapsed.resolve(undefined);
  });
  try {
    for (const collection of collections) {
      followed.add(collection);
      try {
        await subscribe(collection);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof NasCallError)) throw error;
        followed.delete(collection);
        refused(collection);
      }
    }
    began(followed.size);
    await orAbort(Promise.race([socket.ended, lapsed.promise]), signal);
  } finally {
    stop();
  }
}
