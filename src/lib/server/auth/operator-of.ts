import { type Operator } from '../../ports/cleanup-store.ts';
import { refuse } from '../http-error.ts';
import { type Caller } from './access.ts';

/** Whoever calls, as the one who plans or approves. Nobody approves without a name that somebody vouches for. */
export function operatorOf(caller: Caller | null): Operator {
  return {
    identify: async () => {
      const actor = caller?.actor ?? null;
      if (actor !== null) return await Promise.resolve(actor);
      throw refuse(403, {
        code: 'NO_IDENTITY',
        message: 'nobody vouches for who you are',
        remediation: [
          'Send a token of your own.',
          'Where you did, let truenas-monitor get the namespace kube-system: by its uid the cluster is known.',
        ],
      });
    },
  };
}
