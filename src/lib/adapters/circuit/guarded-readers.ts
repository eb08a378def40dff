import { type ClusterReader } from '../../ports/cluster.ts';
import { type NasReader } from '../../ports/nas.ts';
import { type MemberGuard } from './member-guard.ts';

/*
 * Readers that are read again and again. Who a member is, is what each scan asks first; what becomes of that decides whether it is
 * asked anything else.
 */

export function guardedCluster(reader: ClusterReader, guard: MemberGuard): ClusterReader {
  return {
    name: reader.name,
    identify: async (signal) => await guard.ask(() => reader.identify(signal), signal),
    list: async (source, signal) => await reader.list(source, signal),
    connection: () => reader.connection(),
    close: async () => {
      await reader.close();
    },
  };
}

/** @param renew forgets what failed before */
export function guardedNas(reader: NasReader, guard: MemberGuard, renew: () => void): NasReader {
  return {
    name: reader.name,
    identify: async (signal) =>
      await guard.ask(async () => {
        renew();
        return await reader.identify(signal);
      }, signal),
    list: async (source, signal) => await reader.list(source, signal),
    lookUpDatasets: async (ids, signal) => await reader.lookUpDatasets(ids, signal),
    lookUpSnapshots: async (ids, signal) => await reader.lookUpSnapshots(ids, signal),
    connection: () => reader.connection(),
    close: async () => {
      await reader.close();
    },
  };
}
