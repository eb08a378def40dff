import { openExplainer, type Explainer } from '../../src/lib/app/explain.ts';
import { type ScanRequest } from '../../src/lib/app/scan-request.ts';
import {
  type Chain,
  type ChainNode,
  type Explanation,
  walk,
} from '../../src/lib/core/explain/explanation.ts';
import { parseWanted } from '../../src/lib/core/explain/wanted.ts';
import { NO_FILTER } from '../../src/lib/core/model/filter.ts';
import { type Inventory } from '../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../../src/lib/core/model/policy.ts';
import { millis } from '../../src/lib/core/model/units.ts';
import { RULES } from '../../src/lib/core/rules/registry.ts';
import { portsOf } from './inventory-readers.ts';

/** An explainer of a world of builders. */
export async function explainerOf(
  inventory: Inventory,
  over: Partial<ScanRequest> = {},
): Promise<Explainer> {
  return await openExplainer(portsOf(inventory), {
    rules: RULES,
    drivers: inventory.drivers,
    policy: DEFAULT_POLICY,
    filter: NO_FILTER,
    ignore: [],
    wholeEstate: true,
    maxAge: millis(0),
    cacheKey: 'test',
    signal: AbortSignal.timeout(60_000),
    ...over,
  });
}

/** What is said of some words, such as `pv/x` or `dataset` and a path. */
export async function explained(
  inventory: Inventory,
  words: string,
  over: Partial<ScanRequest> = {},
): Promise<Explanation> {
  const explainer = await explainerOf(inventory, over);
  return await explainer.explain(parseWanted(words.split(' ')));
}

/** The one chain of some words. */
export async function chainOf(inventory: Inventory, words: string): Promise<Chain> {
  const { chains } = await explained(inventory, words);
  const [chain] = chains;
  if (chain === undefined || chains.length > 1) {
    throw new Error(`${String(chains.length)} chains of ${words}`);
  }
  return chain;
}

const MARKS = { present: '', absent: '!', unknown: '?' } as const;

function lineOf({ role, state, kind, name, namespace, message }: ChainNode): string {
  const path = namespace === null ? name : `${namespace}/${name ?? ''}`;
  const what = state === 'present' ? `${kind} ${path ?? ''}` : (message ?? '');
  return `${MARKS[state]}${role}: ${what}`.trim();
}

/** A tree in few words, a line for each node: `!` before what is missing, `?` before what cannot be told. */
export function outline(nodes: readonly ChainNode[], indent = ''): string[] {
  return nodes.flatMap((node) => [indent + lineOf(node), ...outline(node.children, `${indent}  `)]);
}

/** The first node of a role in a chain. */
export function nodeOf({ roots }: Chain, role: ChainNode['role']): ChainNode {
  const found = [...walk(roots)].find((node) => node.role === role);
  if (found === undefined) throw new Error(`no ${role} in the chain`);
  return found;
}
