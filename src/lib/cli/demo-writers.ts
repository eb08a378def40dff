import { type ClusterWriter, type NasWriter, type Sent } from '../ports/change-writer.ts';
import { type WorldKeeper } from './demo-world.ts';

/*
 * A real server keeps what it was told before it answers, and whoever is killed after that finds it so. So does the demo: the world is
 * on the disk before an answer counts.
 */

async function kept(keeper: WorldKeeper, send: () => Promise<Sent>): Promise<Sent> {
  const reason = await keeper.whyNot();
  if (reason !== undefined) return { state: 'not-sent', reason };
  const sent = await send();
  if (sent.state !== 'not-sent') await keeper.keep();
  return sent;
}

export function keepingNas(writer: NasWriter, keeper: WorldKeeper): NasWriter {
  return {
    name: writer.name,
    observe: async (target, signal) => await writer.observe(target, signal),
    send: async (change, signal) =>
      await kept(keeper, async () => await writer.send(change, signal)),
    lacking: async (changes, signal) => await writer.lacking(changes, signal),
  };
}

export function keepingCluster(writer: ClusterWriter, keeper: WorldKeeper): ClusterWriter {
  return {
    name: writer.name,
    observe: async (target, signal) => await writer.observe(target, signal),
    rehearse: async (change, guard, signal) => await writer.rehearse(change, guard, signal),
    send: async (change, guard, signal) =>
      await kept(keeper, async () => await writer.send(change, guard, signal)),
    lacking: async (changes, signal) => await writer.lacking(changes, signal),
  };
}
