import { Flags } from '@oclif/core';
import { LOG_FORMATS, LOG_LEVELS } from '../adapters/log/stderr-logger.ts';
import { SEVERITIES } from '../core/model/finding.ts';
import { EXPLANATION_FORMATS, FORMATS } from '../core/render/formats.ts';

/*
 * Every shared flag, each defined once. Values stay text here; scan-flags.ts reads them, because what a
 * parser inside a definition throws is garbled by oclif on its way out.
 */

const CONNECTION = 'CONNECTION';
export const FILTER = 'FILTER';
export const OUTPUT = 'OUTPUT';
const DEMO = 'DEMO';
const MESSAGES = 'MESSAGE';

/** Flags of every command: what is said beside the result. */
export const MESSAGE_FLAGS = {
  quiet: Flags.boolean({
    char: 'q',
    helpGroup: MESSAGES,
    summary: 'no progress and no warnings on stderr, whatever --log-level says',
  }),
  'log-level': Flags.string({
    helpGroup: MESSAGES,
    env: 'TRUENAS_MONITOR_LOG_LEVEL',
    options: [...LOG_LEVELS],
    default: 'warn',
    summary: 'show messages on stderr from this importance up',
  }),
  'log-format': Flags.string({
    helpGroup: MESSAGES,
    env: 'TRUENAS_MONITOR_LOG_FORMAT',
    options: [...LOG_FORMATS],
    default: 'text',
    summary: 'messages as lines of text, or of JSON',
  }),
};

export const CONFIG_FLAG = {
  config: Flags.string({
    helpGroup: CONNECTION,
    helpValue: 'FILE',
    summary:
      'configuration file [default: $TRUENAS_MONITOR_CONFIG, ./truenas-monitor.yaml, ~/.config/truenas-monitor/config.yaml]',
  }),
};

/** What to connect to, for commands that always look anew. */
export const FRESH_CONNECTION_FLAGS = {
  ...CONFIG_FLAG,
  kubeconfig: Flags.string({
    helpGroup: CONNECTION,
    helpValue: 'FILE',
    summary: 'kubeconfig [default: $KUBECONFIG, ~/.kube/config]',
  }),
  context: Flags.string({
    helpGroup: CONNECTION,
    helpValue: 'NAME',
    multiple: true,
    multipleNonGreedy: true,
    summary:
      'kubeconfig context, repeated for every cluster that uses this TrueNAS [default: those of the configuration, or the current one]',
  }),
  url: Flags.string({
    helpGroup: CONNECTION,
    helpValue: 'URL',
    summary: 'address of TrueNAS, such as https://nas1.example [default: $TRUENAS_URL]',
  }),
  timeout: Flags.string({
    helpGroup: CONNECTION,
    helpValue: 'DURATION',
    summary: 'how long one request may take [default: 30s, for TrueNAS truenas.timeout]',
  }),
};

export const CONNECTION_FLAGS = {
  ...FRESH_CONNECTION_FLAGS,
  'max-age': Flags.string({
    helpGroup: CONNECTION,
    helpValue: 'DURATION',
    summary:
      'judge what an earlier scan read, if that is no older than this, such as 10m [default: read anew]',
  }),
};

export const REPEATABLE = {
  helpGroup: FILTER,
  multiple: true,
  multipleNonGreedy: true,
  delimiter: ',',
} as const;

/** Filters choose what is reported, never what is read as proof. */
export const FILTER_FLAGS = {
  namespace: Flags.string({
    ...REPEATABLE,
    char: 'n',
    helpValue: 'NAME',
    summary: 'only findings of this namespace, or of a claim in it; may be repeated',
  }),
  'all-namespaces': Flags.boolean({
    char: 'A',
    helpGroup: FILTER,
    summary: 'every namespace, which is the default',
  }),
  selector: Flags.string({
    char: 'l',
    helpGroup: FILTER,
    helpValue: 'SELECTOR',
    summary: 'only findings of Kubernetes objects with these labels, such as app=db,tier!=cache',
  }),
  rule: Flags.string({
    ...REPEATABLE,
    helpValue: 'ID',
    summary: 'only rules with this id; * and ? stand for any characters, may be repeated',
  }),
  type: Flags.string({
    ...REPEATABLE,
    helpValue: 'TYPE',
    summary:
      'only findings of this type of object, such as pv, pvc, dataset, nfsshare; may be repeated',
  }),
  'older-than': Flags.string({
    helpGroup: FILTER,
    helpValue: 'DURATION',
    summary:
      'only findings of objects older than this, such as 30d; what has no date counts since it was first seen',
  }),
  'min-severity': Flags.string({
    helpGroup: FILTER,
    options: [...SEVERITIES],
    summary: 'only findings at least this severe',
  }),
};

/** A format as it is written behind -o. */
export function asTyped({ name }: { readonly name: string }): string {
  return name === 'jsonpath' ? 'jsonpath=TEMPLATE' : name;
}

export const OUTPUT_FLAGS = {
  output: Flags.string({
    char: 'o',
    helpGroup: OUTPUT,
    helpValue: 'FORMAT',
    default: 'table',
    summary: `one of ${FORMATS.map(asTyped).join(', ')}`,
  }),
  'output-file': Flags.string({
    helpGroup: OUTPUT,
    helpValue: 'FILE',
    summary: 'write results to this file instead of stdout',
  }),
  'no-color': Flags.boolean({
    helpGroup: OUTPUT,
    summary: 'no colours, as with NO_COLOR=1; FORCE_COLOR=1 keeps them in a pipe',
  }),
};

/** Output of an explanation: by itself it is for whoever reads it, and a pipe reads JSON. */
export const EXPLANATION_OUTPUT_FLAGS = {
  ...OUTPUT_FLAGS,
  output: Flags.string({
    char: 'o',
    helpGroup: OUTPUT,
    helpValue: 'FORMAT',
    summary: `one of ${EXPLANATION_FORMATS.map(asTyped).join(', ')} [default: tree on a terminal, json otherwise]`,
  }),
};

export const FAIL_FLAGS = {
  'fail-on': Flags.string({
    helpGroup: OUTPUT,
    options: [...SEVERITIES, 'none'],
    default: 'none',
    summary: 'exit with 1 where a finding is at least this severe',
  }),
  'fail-on-confidence': Flags.string({
    helpGroup: OUTPUT,
    options: ['certain', 'likely'],
    default: 'likely',
    summary: 'what --fail-on counts: certain findings alone, or likely ones too',
  }),
};

/** The embedded lab in place of real servers. */
export const DEMO_FLAGS = {
  demo: Flags.boolean({
    helpGroup: DEMO,
    summary: 'run against an embedded lab; your own configuration, cache and state stay untouched',
  }),
  'demo-size': Flags.string({
    helpGroup: DEMO,
    helpValue: 'N',
    summary: 'a generated fleet of this many volumes instead of the small demo world',
  }),
  'demo-state': Flags.string({
    helpGroup: DEMO,
    helpValue: 'DIR',
    summary:
      'directory that keeps the demo world between commands [default: ~/.local/state/truenas-monitor/demo]',
  }),
  'demo-reset': Flags.boolean({
    helpGroup: DEMO,
    summary: 'forget the kept demo world and make it anew',
  }),
  'demo-now': Flags.string({
    helpGroup: DEMO,
    helpValue: 'INSTANT',
    summary: 'set the clock of the demo world: 2027-01-31T12:00:00Z, or +8d to move it on',
  }),
};
