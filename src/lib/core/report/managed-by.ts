import { note, type Check } from '../model/check.ts';
import { type Remedy } from '../model/remedy.ts';

type Texts = Readonly<Record<string, string>>;

/** What tools leave on the objects they make. */
interface Marks {
  readonly labels: Texts;
  readonly annotations: Texts;
}

/** A tool that makes an object, and would make it again or misses it when somebody else deletes it. */
export interface Manager {
  /** Such as `Helm release shop/postgres`. */
  readonly name: string;
  /** What to do there first. */
  readonly step: string;
}

/** Reads one tool's marks; undefined where they are not its own. */
type Reader = (marks: Marks) => Manager | undefined;

function keeps(name: string): Manager {
  return { name, step: `Change it in ${name}, or it comes back or is reported as drift.` };
}

function named(tool: string, name: string | undefined, namespace?: string): Manager | undefined {
  if (name === undefined) return undefined;
  return keeps(`${tool} ${namespace === undefined ? name : `${namespace}/${name}`}`);
}

/** `app.kubernetes.io/instance` alone is any chart's: it names an application only beside an annotation of Argo CD. */
const argoCd: Reader = ({ labels, annotations }) => {
  const tracked = annotations['argocd.argoproj.io/tracking-id']?.split(':', 1)[0];
  const isTheirs = Object.keys(annotations).some((key) => key.startsWith('argocd.argoproj.io/'));
  const instance = isTheirs ? labels['app.kubernetes.io/instance'] : undefined;
  return named('Argo CD application', tracked ?? labels['argocd.argoproj.io/instance'] ?? instance);
};

const flux: Reader = ({ labels }) =>
  named(
    'Flux Kustomization',
    labels['kustomize.toolkit.fluxcd.io/name'],
    labels['kustomize.toolkit.fluxcd.io/namespace'],
  ) ??
  named(
    'Flux HelmRelease',
    labels['helm.toolkit.fluxcd.io/name'],
    labels['helm.toolkit.fluxcd.io/namespace'],
  );

function managedBy({ labels }: Marks): string {
  return labels['app.kubernetes.io/managed-by']?.toLowerCase() ?? '';
}

const helm: Reader = (marks) => {
  const { labels, annotations } = marks;
  const release = annotations['meta.helm.sh/release-name'];
  if (release !== undefined) {
    return named('Helm release', release, annotations['meta.helm.sh/release-namespace']);
  }
  if (managedBy(marks) !== 'helm') return undefined;
  return named('Helm release', labels['app.kubernetes.io/instance']) ?? keeps('its Helm release');
};

const TERRAFORM: ReadonlyMap<string, string> = new Map([
  ['terraform', 'Terraform'],
  ['opentofu', 'OpenTofu'],
]);

const terraform: Reader = (marks) => {
  const tool = TERRAFORM.get(managedBy(marks));
  return tool === undefined ? undefined : keeps(tool);
};

/** A backup deletes what is its own when it expires; what it restored it does not make again, but may still need. */
const velero: Reader = ({ labels }) => {
  const kinds = ['backup', 'schedule', 'restore'] as const;
  for (const kind of kinds) {
    const name = labels[`velero.io/${kind}-name`];
    if (name === undefined) continue;
    return {
      name: `Velero ${kind} ${name}`,
      step: `Ask Velero first: see with velero ${kind} describe ${name} whether it is done with this.`,
    };
  }
  return undefined;
};

/** From the outside in: Argo CD and Flux render charts, whose marks then are on the objects too. */
const READERS: readonly Reader[] = [argoCd, flux, helm, terraform, velero];

/** The tool that an object belongs to, as far as its labels and annotations say. */
export function managerOf(marks: Marks): Manager | undefined {
  for (const read of READERS) {
    const manager = read(marks);
    if (manager !== undefined) return manager;
  }
  return undefined;
}

/** That the object belongs to somebody, for the evidence: it decides nothing about the finding itself. */
export function managedByNote({ name }: Manager): Check {
  return note('managed-by', true, name);
}

/** What to do where a tool would undo it: there first, and nothing on its own. */
export function remedyUnder(manager: Manager | undefined, remedy: Remedy): Remedy {
  if (manager === undefined) return remedy;
  return { ...remedy, safe: false, steps: [manager.step, ...remedy.steps] };
}
