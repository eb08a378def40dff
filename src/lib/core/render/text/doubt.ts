import { type EvidenceLine } from '../../model/finding.ts';

/** Signs that the whole world is another than it looks: what their failing comes to, in words. */
const WORLD: Readonly<Record<string, string>> = {
  'younger-than-cluster': 'older than its cluster, as after a rebuild',
  'few-unclaimed-at-once':
    'many unclaimed at once, as after a rebuild or with a cluster out of view',
  'few-copies-unclaimed-at-once':
    'many unclaimed at once, as after a rebuild or with a cluster out of view',
  'few-missing-at-once': 'many missing at once, as with a system out of view',
};

/** What a check that did not pass has against a finding, or against being sure of it. */
export function objectionText({ check, result, detail }: EvidenceLine): string {
  if (result !== 'failed') return `${check} not known: ${detail}`;
  const world = WORLD[check];
  return world === undefined
    ? `${check} failed: ${detail}`
    : `${world} (${check} failed: ${detail})`;
}
