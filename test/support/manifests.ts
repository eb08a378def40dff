import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { type Kubectl } from './kubectl.ts';

export const DEPLOY = resolve(import.meta.dirname, '../../deploy');
export const KUBERNETES = join(DEPLOY, 'kubernetes');
export const OVERLAYS = ['minimal', 'kubernetes', 'openshift'] as const;

/** As much of a manifest as tests look at, all as if it were there: an assertion on a missing part fails by itself. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly rules?: readonly RoleRule[];
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly { readonly name: string; readonly namespace?: string }[];
  readonly spec?: {
    readonly replicas?: number;
    readonly strategy?: { readonly type: string };
    readonly template?: { readonly spec: PodSpec };
    readonly jobTemplate?: { readonly spec: { readonly template: { readonly spec: PodSpec } } };
    readonly ports?: readonly { readonly name: string; readonly targetPort: string }[];
    readonly egress?: readonly unknown[];
    readonly ingress?: readonly unknown[];
  };
}

export interface RoleRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

export interface PodSpec {
  readonly automountServiceAccountToken: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly containers: readonly Container[];
  readonly volumes: readonly Readonly<Record<string, unknown>>[];
}

export interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly resources: {
    readonly limits: Readonly<Record<string, string>>;
    readonly requests: Readonly<Record<string, string>>;
  };
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

export function readManifests(text: string): readonly Manifest[] {
  return parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw new Error(document.errors.join('\n'));
    return document.toJS() as Manifest; // what it is not, an assertion finds
  });
}

/** What a directory is built to, which has to be without a complaint. */
export async function build(kubectl: Kubectl, directory: string): Promise<string> {
  const { code, stdout, stderr } = await kubectl.run('kustomize', directory);
  if (code !== 0 || stderr !== '') throw new Error(`${directory}: ${stderr}`);
  return stdout;
}

/** An overlay as somebody would write it: one of ours, with components beside it. */
export async function writeOverlay(
  directory: string,
  { overlay, components }: { readonly overlay: string; readonly components: readonly string[] },
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const pathTo = (...parts: readonly string[]): string =>
    relative(directory, join(KUBERNETES, ...parts));
  const content = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [pathTo('overlays', overlay)],
    components: components.map((component) => pathTo('components', component)),
  };
  // JSON is YAML.
  await writeFile(join(directory, 'kustomization.yaml'), JSON.stringify(content));
}
