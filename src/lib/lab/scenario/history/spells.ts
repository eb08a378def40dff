import { fingerprint, type Severity } from '../../../core/model/finding.ts';
import { type Estate, type HistoryRecord } from '../../../core/model/history.ts';
import { type ResourceRef, subjectKey, typedName } from '../../../core/model/resource-ref.ts';
import { type Rule } from '../../../core/model/rule.ts';
import { bytes } from '../../../core/model/units.ts';
import { RULES } from '../../../core/rules/registry.ts';
import { numberOf, uuidOf } from '../build/identity.ts';
import { GIB } from '../build/stage.ts';
import { type ExpectedFinding, type World } from '../world.ts';
import { DAY } from './instants.ts';
import { findSubject, type Subject } from './subjects.ts';

type Spell = Extract<HistoryRecord, { readonly kind: 'finding' }>;

interface Scene {
  readonly world: World;
  readonly now: number;
  readonly instants: readonly number[];
  readonly estate: Estate;
}

/** What was found, mended, and is not there any more: in days before the present. */
interface Bygone {
  readonly rule: string;
  readonly type: ResourceRef['type'];
  readonly name: string;
  readonly opened: number;
  readonly closed: number;
  readonly gibibytes?: number;
}

const volume = (seed: string): string => `pvc-${uuidOf(`bygone ${seed}`)}`;

const BYGONE: readonly Bygone[] = [
  {
    rule: 'dataset-unclaimed',
    type: 'Dataset',
    name: `tank/k8s/nfs/vols/${volume('matomo')}`,
    opened: 96,
    closed: 71,
    gibibytes: 48,
  },
  {
    rule: 'dataset-unclaimed',
    type: 'Zvol',
    name: `flash/k8s/iscsi/vols/${volume('keycloak')}`,
    opened: 58,
    closed: 33,
    gibibytes: 6,
  },
  {
    rule: 'zfs-snapshot-unclaimed',
    type: 'ZfsSnapshot',
    name: `tank/k8s/nfs/vols/${volume('wekan')}@snapshot-${uuidOf('bygone wekan')}`,
    opened: 44,
    closed: 20,
    gibibytes: 3,
  },
  { rule: 'pv-released', type: 'PersistentVolume', name: volume('wekan'), opened: 30, closed: 19 },
  {
    rule: 'iscsi-extent-dangling',
    type: 'IscsiExtent',
    name: `csi-${volume('harbor')}-prod`,
    opened: 12,
    closed: 3,
  },
  {
    rule: 'dataset-unclaimed',
    type: 'Dataset',
    name: `tank/k8s/nfs/vols/${volume('harbor')}`,
    opened: 12,
    closed: 3,
    gibibytes: 87,
  },
];

/** How long ago what is there now was first found, where it was not long ago. */
const RECENT: Readonly<Record<string, number>> = {
  'pvc-pending': 1.7,
  'delete-blocked': 4.6,
  'share-missing': 6.4,
};

/** Whose remedy frees what the subject holds. */
const GIVES_BACK = new Set([
  'dataset-unclaimed',
  'dataset-half-provisioned',
  'pv-released',
  'zfs-snapshot-unclaimed',
  'temp-snapshot-leftover',
]);

/** What matters less than its rule says: a backup tool keeps it. */
const LESSER: Readonly<Record<string, Severity>> = { 'snapshot-content-unclaimed': 'info' };

function ruleNamed(id: string): Rule | undefined {
  return RULES.find((rule) => rule.id === id);
}

/** The first scan that is no longer ago than this. */
function scanAt({ now, instants }: Scene, days: number): number {
  return instants.find((at) => at >= now - days * DAY) ?? instants.at(-1) ?? now;
}

function spellOf(scene: Scene, rule: Rule, subject: Pick<Subject, 'ref' | 'home' | 'holds'>) {
  const { ref, home, holds } = subject;
  return {
    kind: 'finding',
    id: fingerprint(rule.id, home, subjectKey(ref)),
    rule: rule.id,
    category: rule.category,
    severity: LESSER[rule.id] ?? rule.severity,
    subject: typedName(ref),
    scope: home,
    reclaimable: bytes(holds),
    suppressed: false,
    estate: scene.estate,
  } as const;
}

function presentSpell(scene: Scene, expected: ExpectedFinding): readonly Spell[] {
  const rule = ruleNamed(expected.rule);
  const subject = rule && findSubject(scene.world, rule, expected.name);
  if (rule === undefined || subject === undefined) return [];
  const age = subject.since === null ? 90 : (scene.now - subject.since.getTime()) / DAY;
  const noticed = RECENT[rule.id] ?? 8 + numberOf(`noticed ${rule.id} ${expected.name}`, 80);
  const last = scene.instants.at(-1) ?? scene.now;
  return [
    {
      ...spellOf(scene, rule, {
        ...subject,
        holds: GIVES_BACK.has(rule.id) ? subject.holds : 0,
      }),
      openedAt: new Date(scanAt(scene, Math.min(noticed, Math.max(0, age - 1)))),
      lastSeenAt: new Date(last),
      closedAt: null,
    },
  ];
}

function bygoneSpell(scene: Scene, bygone: Bygone): readonly Spell[] {
  const rule = ruleNamed(bygone.rule);
  const [cluster] = scene.world.clusters;
  const [system] = scene.world.systems;
  if (rule === undefined || cluster === undefined || system === undefined) return [];
  const { type, name, opened, closed, gibibytes = 0 } = bygone;
  const shared = { type, name, namespace: null, discriminator: null };
  const ref: ResourceRef =
    type === 'PersistentVolume'
      ? { location: 'kubernetes', cluster: cluster.name, ...shared }
      : { location: 'truenas', system: system.name, ...shared };
  const home = type === 'PersistentVolume' ? cluster.uid : system.hostId;
  const closedAt = scanAt(scene, closed);
  const before = scene.instants.findLast((at) => at < closedAt) ?? closedAt;
  return [
    {
      ...spellOf(scene, rule, { ref, home, holds: gibibytes * GIB }),
      openedAt: new Date(scanAt(scene, opened)),
      lastSeenAt: new Date(before),
      closedAt: new Date(closedAt),
    },
  ];
}

/** What was found before the present, and what of it is still there. */
export function spellsOf(scene: Scene, expected: readonly ExpectedFinding[]): readonly Spell[] {
  return [
    ...BYGONE.flatMap((bygone) => bygoneSpell(scene, bygone)),
    ...expected.flatMap((finding) => presentSpell(scene, finding)),
  ];
}
