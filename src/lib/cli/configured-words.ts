import { type SystemPlace } from '../adapters/config/system-place.ts';
import { MonitorError, TrueNasAuthError } from '../core/model/errors.ts';
import { type NasReader } from '../ports/nas.ts';

/** Keys as the adapter calls them, which knows of one system; host names may begin alike. */
const KEYS =
  /\btruenas\.(?=(?:url|username|api_key|api_key_file|password|transport|ca_file|pinned_spki_sha256|tls_\w+|timeout)\b)/g;

function inWords(error: MonitorError, { key, credential }: SystemPlace): MonitorError {
  const remediation = error.remediation.map((remedy) => remedy.replaceAll(KEYS, `${key}.`));
  const source =
    credential !== null && error instanceof TrueNasAuthError
      ? [`Look at ${credential}, from which the credential came.`]
      : [];
  return error.withRemediation([...remediation, ...source]);
}

/** The same system, whose errors name the keys it has in the configuration and where its credential came from. */
export function inConfiguredWords(reader: NasReader, place: SystemPlace): NasReader {
  return {
    name: reader.name,
    identify: async (signal) => {
      try {
        return await reader.identify(signal);
      } catch (error) {
        throw error instanceof MonitorError ? inWords(error, place) : error;
      }
    },
    list: async (source, signal) => await reader.list(source, signal),
    lookUpDatasets: async (ids, signal) => await reader.lookUpDatasets(ids, signal),
    lookUpSnapshots: async (ids, signal) => await reader.lookUpSnapshots(ids, signal),
    connection: () => reader.connection(),
    close: async () => {
      await reader.close();
    },
  };
}
