import {
  type Blocker,
  type Chain,
  type ChainNode,
  type Explanation,
  type Fact,
  type RuleStory,
} from '../../explain/explanation.ts';
import { SCHEMA_VERSION } from '../../model/report.ts';
import { refKey, type ResourceRef } from '../../model/resource-ref.ts';
import { elapsed } from '../../model/units.ts';
import { type ExplanationWire } from './explanation-schema.ts';
import { snakeCase } from './names.ts';
import { toFinding, toWire } from './orphan-report.ts';

type ChainWire = ExplanationWire['chains'][number];
type NodeWire = ChainWire['nodes'][number];
type StoryWire = ChainWire['rules'][number];

/** The explanation as JSON and YAML carry it. Keys are written in their published order. */
export function explanationToWire(explanation: Explanation): ExplanationWire {
  const report = toWire(explanation.report);
  const { cached, cached_age_seconds: cachedAge } = report;
  return {
    schema_version: SCHEMA_VERSION,
    kind: 'Explanation',
    timestamp: report.timestamp,
    ...(cached !== undefined && { cached }),
    ...(cachedAge !== undefined && { cached_age_seconds: cachedAge }),
    complete: report.complete,
    asked: explanation.asked,
    sources: report.sources,
    clusters: report.clusters,
    systems: report.systems,
    chains: explanation.chains.map((chain) => toChain(chain, explanation.now)),
  };
}

function toChain(chain: Chain, now: Date): ChainWire {
  const asked = new Set(chain.subjects.map(refKey));
  return {
    subjects: chain.subjects.map(toSubject),
    nodes: flatten(chain.roots, now, asked),
    rules: chain.rules.map(toStory),
    deletable: chain.deletable,
    blockers: chain.blockers.map(toBlocker),
    remarks: [...chain.remarks],
  };
}

function toSubject(ref: ResourceRef): ChainWire['subjects'][number] {
  return {
    type: ref.type,
    name: ref.name,
    namespace: ref.namespace,
    cluster: ref.location === 'kubernetes' ? ref.cluster : null,
    system: ref.location === 'truenas' ? ref.system : null,
  };
}

function flatten(roots: readonly ChainNode[], now: Date, asked: ReadonlySet<string>): NodeWire[] {
  const nodes: NodeWire[] = [];
  const add = (node: ChainNode, parent: number | null): void => {
    const id = nodes.length;
    nodes.push(toNode(node, { id, parent }, now, asked));
    for (const child of node.children) add(child, id);
  };
  for (const root of roots) add(root, null);
  return nodes;
}

function toNode(
  node: ChainNode,
  place: { readonly id: number; readonly parent: number | null },
  now: Date,
  asked: ReadonlySet<string>,
): NodeWire {
  const { ref, createdAt, size, join } = node;
  return {
    ...place,
    role: node.role,
    state: node.state,
    kind: node.kind,
    name: node.name,
    namespace: node.namespace,
    ...homeOf(node),
    asked: ref !== null && asked.has(refKey(ref)),
    beside: node.beside,
    message: node.message,
    ...ageOf(createdAt, now),
    ...sizeOf(size),
    join: join === null ? null : { key: join.key, confidence: join.confidence },
    facts: Object.fromEntries(node.facts.map(toFact)),
  };
}

function homeOf({ home }: ChainNode): Pick<NodeWire, 'cluster' | 'system'> {
  return {
    cluster: home?.side === 'cluster' ? home.name : null,
    system: home?.side === 'system' ? home.name : null,
  };
}

function ageOf(since: Date | null, now: Date): Pick<NodeWire, 'created_at' | 'age_seconds'> {
  return since === null
    ? { created_at: null, age_seconds: null }
    : { created_at: since.toISOString(), age_seconds: Math.max(elapsed(since, now), 0) / 1000 };
}

function sizeOf(size: ChainNode['size']): Pick<NodeWire, 'size_bytes' | 'approximate'> {
  if (size === null) return { size_bytes: null };
  return { size_bytes: size.bytes, ...(size.approximate && { approximate: true as const }) };
}

function toFact({ name, value }: Fact): [string, string | number | boolean] {
  const key = name.replaceAll(' ', '_').toLowerCase();
  if (value instanceof Date) return [key, value.toISOString()];
  return typeof value === 'object' ? [`${key}_bytes`, value.bytes] : [key, value];
}

function toStory(story: RuleStory): StoryWire {
  const { rule, title, state } = story;
  if (state === 'skipped') {
    const because = story.because.map(({ name, cluster, system, coverage }) => ({
      source: snakeCase(name),
      ...(cluster !== null && { cluster }),
      ...(system !== null && { system }),
      state: coverage.state,
      ...(coverage.state !== 'complete' && { reason: coverage.reason }),
    }));
    return { rule, title, state, subject: null, reason: null, checks: [], finding: null, because };
  }
  return {
    rule,
    title,
    state,
    subject: toSubject(story.subject),
    reason: story.reason,
    checks: story.checks.map(({ check, weight, result, detail }) => ({
      check,
      decides: weight,
      result,
      detail,
    })),
    finding: state === 'silent' ? null : toFinding(story.finding),
    because: [],
  };
}

function toBlocker({ kind, state, what, step }: Blocker): ChainWire['blockers'][number] {
  return { kind, state, what, step };
}
