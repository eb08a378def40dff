import { type RemedyAction } from '../model/remedy.ts';
import { type PlanItem } from './plan-schema.ts';

/** What each action comes to; what is not here is for people to do. */
const INTENTS: Readonly<Partial<Record<RemedyAction, PlanItem['intent']>>> = {
  'quarantine-dataset': 'quarantine',
  'delete-detached-container': 'quarantine',
  'destroy-dataset': 'destroy',
  'delete-zfs-snapshot': 'destroy',
  'delete-nfs-share': 'delete',
  'delete-smb-share': 'delete',
  'delete-iscsi-extent': 'delete',
  'delete-iscsi-target': 'delete',
  'delete-nvmet-namespace': 'delete',
  'delete-nvmet-subsystem': 'delete',
  'delete-persistent-volume': 'delete',
  'delete-snapshot-content': 'delete',
  'delete-volume-attachment': 'delete',
  'restore-share': 'repair',
  'enable-share': 'repair',
  'retain-volumes': 'repair',
};

/**
 * Whether an item still does what its finding asks for. A finding can go on holding and ask for the opposite: a dataset in quarantine is
 * to be destroyed, until somebody uses it.
 */
export function isAskedFor({ intent }: Pick<PlanItem, 'intent'>, action: RemedyAction): boolean {
  return INTENTS[action] === intent;
}
