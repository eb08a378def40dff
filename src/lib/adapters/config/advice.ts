import { type ConfigPath, formatPath, placeText, type SystemConfig } from './config.ts';
import { systemForms } from './decode.ts';
import { isTrue } from './fields.ts';
import { type LoadedConfig } from './load.ts';
import { type SystemForm } from './schema.ts';
import { PLACEHOLDER_HOST } from './template.ts';

/*
 * What is valid and most likely not meant. A scan would meet it in its own way; whoever checks a configuration wants to know before.
 */

/** `<id>-<secret>`, as TrueNAS writes its keys; without the number it does not know whose key it is. */
const KEY_SHAPE = /^\d+-\S+$/;

interface Advice {
  readonly path: ConfigPath;
  readonly text: string;
}

type Fault = readonly [key: string, text: string];

function faultsOf(form: SystemForm, { url, apiKey }: SystemConfig): readonly Fault[] {
  const faults: Fault[] = [];
  if (url !== null && new URL(url).hostname === PLACEHOLDER_HOST) {
    faults.push(['url', 'is still the example: write the address of your TrueNAS']);
  }
  if (!isTrue(form.tls_verify)) faults.push(['tls_verify', UNCHECKED]);
  if (apiKey !== null && !KEY_SHAPE.test(apiKey.reveal())) {
    const key = form.api_key === null ? 'api_key_file' : 'api_key';
    faults.push([key, 'does not look like an API key, which is a number, a dash and a long word']);
  }
  return faults;
}

const UNCHECKED =
  'is off, so that whoever sits between here and TrueNAS gets the key: ca_file or pinned_spki_sha256 let it be on';

function ofSystems({ config, effective }: LoadedConfig): readonly Advice[] {
  const byAddress = new Map<string, ConfigPath>();
  return systemForms(effective).flatMap(({ form, path }, index): Advice[] => {
    const system = config.systems[index];
    if (system === undefined) return [];
    const faults = [...faultsOf(form, system)];
    const { url } = system;
    const known = url === null ? undefined : byAddress.get(url);
    if (known !== undefined) {
      faults.push(['url', `is the address of ${formatPath(known)} too: it is read twice`]);
    } else if (url !== null) {
      byAddress.set(url, path);
    }
    return faults.map(([key, text]) => ({ path: [...path, key], text }));
  });
}

function ofIgnored({ config }: LoadedConfig, now: Date): readonly Advice[] {
  return config.ignore.flatMap(({ until }, index) =>
    until === null || until > now
      ? []
      : [
          {
            path: ['ignore', index, 'until'],
            text: 'has passed: what it spoke for is reported again',
          },
        ],
  );
}

/** One line each, with the place of what it is about. */
export function adviceOn(loaded: LoadedConfig, now: Date): readonly string[] {
  return [...ofSystems(loaded), ...ofIgnored(loaded, now)].map(({ path, text }) => {
    const place = placeText(loaded.originOf(path));
    return `${place === '' ? '' : `${place}: `}${formatPath(path)} ${text}`;
  });
}
