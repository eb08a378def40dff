import { Flags } from '@oclif/core';
import { LOG_FORMATS, LOG_LEVELS } from '../adapters/log/stderr-logger.ts';
import { SEVERITIES } from '../core/model/finding.ts';
import { FORMATS } from '../core/render/formats.ts';

/*
 * Every shared flag, each defined once. Values stay text here; scan-flags.ts reads them, because what a
 * parser inside a definition throws is garbled by oclif on its way out.
 */

const CONNECTION = 'CONNECTION';
const FILTER = 'FILTER';
const OUTPUT = 'OUTPUT';
const DEMO = 'DEMO';
const MESSAGES = 'MESSAGE';

/** Flags of every command: what is said beside the result. */
export const MESSAGE_FLAGS = {
  quiet: Flags.boolean({
    char: 'q',
    helpGroup: MESSAGES,
    summary: 'no progress and no warnings on stderr',
  }),
  'log-level': Flags.string({
    helpGroup: MESSAGES,
    env: 'TRUENAS_MONITOR_LOG_LEVEL',
    options: [...LOG_LEVELS],
    default: 'warn',
    summary: 'least important messages to show',
  }),
  'log-format': Flags.string({
    helpGroup: MESSAGES,
    env: 'TRUENAS_MONITOR_LOG_FORMAT',
    options: [...LOG_FORMATS],
    default: 'text',
    summary: 'messages for people or for machines',
  }),
};

export const CONFIG_FLAG = {
  config: Flags.string({
    helpGroup: CONNECTION,
    helpValue: 'FILE',
    summary:
      'configuration file [default: $TRUENAS_MONITOR_CONFIG, ./truenas-monitor.yaml, the XDG config directory]',
  }),
};

export const CONNECTION_FLAGS = {
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
    summary: 'kubeconfig context; repeat it for every cluster that uses this TrueNAS',
  }),
  url: Flags.string({
    helpGroup: CONNECTION,
    helpValue: 'URL',
    summary: 'address of TrueNAS, such as https://nas1.example [default: $TRUENAS_URL]',
  }),
  timeout: Flags.string({
    helpGroup: CONNECTION,
    helpValue: 'DURATION',
    summary: 'how long one request may take, such as 30s',
  }),
  'max-age': Flags.string({
    helpGroup: CONNECTION,
    helpValue: 'DURATION',
    summary: 'accept the inventory kept by an earlier scan up to this age, such as 10m',
  }),
};

const REPEATABLE = {
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
    summary: 'only findings of this namespace; may be repeated',
  }),
  'all-namespaces': Flags.boolean({
    char: 'A',
    helpGroup: FILTER,
    summary: 'findings of every namespace, which is the default',
  }),
  selector: Flags.string({
    char: 'l',
    helpGroup: FILTER,
    helpValue: 'SELECTOR',
    summary: 'only findings of objects with these labels, such as app=db,tier!=cache',
  }),
  rule: Flags.string({
    ...REPEATABLE,
    helpValue: 'ID',
    summary: 'only this rule; * and ? match, may be repeated',
  }),
  type: Flags.string({
    ...REPEATABLE,
    helpValue: 'TYPE',
    summary: 'only findings of this type of object, such as pv, pvc, dataset, nfsshare',
  }),
  'older-than': Flags.string({
    helpGroup: FILTER,
    helpValue: 'DURATION',
    summary: 'only findings of objects older than this, such as 30d',
  }),
  'min-severity': Flags.string({
    helpGroup: FILTER,
    options: [...SEVERITIES],
    summary: 'only findings at least this bad',
  }),
};

export const OUTPUT_FLAGS = {
  output: Flags.string({
    char: 'o',
    helpGroup: OUTPUT,
    helpValue: 'FORMAT',
    default: 'table',
    summary: `one of ${FORMATS.map(({ name }) => name).join(', ')}`,
  }),
  'output-file': Flags.string({
    helpGroup: OUTPUT,
    helpValue: 'FILE',
    summary: 'write results there instead of stdout; an old file is replaced in one step',
  }),
  'no-color': Flags.boolean({
    helpGroup: OUTPUT,
    summary: 'no colours, as with NO_COLOR; FORCE_COLOR asks for them off a terminal',
  }),
};

export const FAIL_FLAGS = {
  'fail-on': Flags.string({
    helpGroup: OUTPUT,
    options: [...SEVERITIES, 'none'],
    default: 'none',
    summary: 'exit with 1 where a finding is at least this bad',
  }),
  'fail-on-confidence': Flags.string({
    helpGroup: OUTPUT,
    options: ['certain', 'likely'],
    default: 'likely',
    summary: 'least sure finding that --fail-on counts',
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
    summary: 'a fleet of this many volumes instead of the small demo world',
  }),
  'demo-state': Flags.string({
    helpGroup: DEMO,
    helpValue: 'DIR',
    summary: 'where the world of the demo is kept between commands [default: XDG state directory]',
  }),
  'demo-reset': Flags.boolean({
    helpGroup: DEMO,
    summary: 'make the world of the demo anew',
  }),
  'demo-now': Flags.string({
    helpGroup: DEMO,
    helpValue: 'INSTANT',
    summary: 'set the clock of the demo, to 2027-01-31T12:00:00Z or by +8d; it stays there',
  }),
};
