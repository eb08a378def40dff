import { type KubernetesObject } from '../scenario/world.ts';
import { apiVersionOf, type Resource } from './resources.ts';

/** Sorts as etcd does: by namespace, then by name. */
export function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/** One version of an object, serialised once: lists of 100,000 objects are answered from these texts. */
export class Entry {
  readonly key: string;
  readonly object: KubernetesObject;
  readonly #resource: Resource;
  #itemText: string | undefined;

  constructor(resource: Resource, object: KubernetesObject) {
    this.#resource = resource;
    this.object = object;
    this.key = keyOf(object.metadata.namespace ?? '', object.metadata.name);
  }

  /** As it stands in a list: without `kind` and `apiVersion`. */
  get itemText(): string {
    this.#itemText ??= serialise(this.object);
    return this.#itemText;
  }

  /** As it is served alone. */
  get text(): string {
    const head = `{"kind":"${this.#resource.kind}","apiVersion":"${apiVersionOf(this.#resource)}",`;
    return head + this.itemText.slice(1);
  }

  /** True when the object was changed in place since it was serialised. */
  isStale(): boolean {
    const served = this.itemText;
    return serialise(this.object) !== served;
  }

  /** The object as it was before it was changed in place. */
  asServed(): Entry {
    const served = JSON.parse(this.text) as KubernetesObject; // our own text
    return new Entry(this.#resource, served);
  }

  /** The same content under another version: what a DELETED event carries. */
  withVersion(resourceVersion: string): Entry {
    const { object } = this;
    return new Entry(this.#resource, {
      ...object,
      metadata: { ...object.metadata, resourceVersion },
    });
  }
}

function serialise(object: KubernetesObject): string {
  return JSON.stringify({ ...object, kind: undefined, apiVersion: undefined });
}
