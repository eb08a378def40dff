import { targetKey } from '../../correlate/paths.ts';
import { type Check } from '../../model/check.ts';
import { type Coverage } from '../../model/coverage.ts';
import { lazy } from '../../model/lazy.ts';
import { type Consulted } from '../../model/rule.ts';
import { absenceOf } from './absence.ts';

/** That nobody is logged in to any of these. */
export type NoLogin<K> = (keys: readonly K[], read?: readonly Coverage[]) => Check;

/** Who is logged in to targets of one system, by their keys. */
export function iscsiLogins({ items, coverage }: Consulted<'iscsiSessions'>): NoLogin<string> {
  const byTarget = lazy(() => Map.groupBy(items, ({ target }) => targetKey(target)));
  return (keys, read = []) => {
    const open = keys.flatMap((key) => byTarget().get(key) ?? []);
    const names = open.map(({ initiator }) => initiator);
    return absenceOf('no-iscsi-session', names, [...read, coverage]);
  };
}

/** Who is connected to NVMe-oF subsystems of one system, by their ids. */
export function nvmetLogins({ items, coverage }: Consulted<'nvmetSessions'>): NoLogin<number> {
  const bySubsystem = lazy(() => Map.groupBy(items, ({ subsystemId }) => subsystemId));
  return (ids, read = []) => {
    const open = ids.flatMap((id) => bySubsystem().get(id) ?? []);
    const names = open.map(({ host }) => host);
    return absenceOf('no-nvme-session', names, [...read, coverage]);
  };
}
