import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const FILE = path.join(import.meta.dirname, '../fixtures/schemas/sarif-2.1.0-rtm.5.json');

/** A check against the schema of SARIF 2.1.0. */
export function sarifSchema(): ValidateFunction {
  const schema = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, unknown>;
  // It names the draft before those that the validator knows, and uses nothing that has changed since but these.
  const { $schema, id, ...rest } = schema;
  if (typeof $schema !== 'string' || typeof id !== 'string') throw new TypeError('no schema');
  // One of its patterns is none in the Unicode mode of JavaScript.
  const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
  formats.default(ajv);
  return ajv.compile(rest);
}

/** What tests look at in a log. */
export interface SarifLog {
  readonly runs: readonly {
    readonly tool: {
      readonly driver: {
        readonly version: string;
        readonly rules: readonly { readonly id: string; readonly name: string }[];
      };
    };
    readonly automationDetails: { readonly id: string };
    readonly invocations: readonly {
      readonly executionSuccessful: boolean;
      readonly endTimeUtc?: string;
      readonly toolExecutionNotifications: readonly SarifNotification[];
      readonly toolConfigurationNotifications: readonly SarifNotification[];
    }[];
    readonly results: readonly SarifResult[];
  }[];
}

interface SarifNotification {
  readonly descriptor: { readonly id: string };
  readonly level: string;
  readonly message: { readonly text: string };
  readonly associatedRule?: { readonly id: string; readonly index: number };
}

export interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
    readonly logicalLocations: readonly { readonly fullyQualifiedName: string }[];
  }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly suppressions: readonly { readonly kind: string; readonly justification: string }[];
}

/** The one run of a log. */
export function runOf(text: string): SarifLog['runs'][number] {
  const [run, ...others] = (JSON.parse(text) as SarifLog).runs;
  if (run === undefined || others.length > 0) throw new Error('not one run');
  return run;
}
