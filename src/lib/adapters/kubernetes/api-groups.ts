import { failed, listed, unlisted, type Listing } from '../../core/model/coverage.ts';
import { MonitorError } from '../../core/model/errors.ts';
import { type ApiGroup } from '../../core/model/kubernetes-surroundings.ts';
import { type ApiAnswer } from './api-answer.ts';
import { type Connection } from './connection.ts';
import { isRecord, listAt, textAt, type JsonRecord } from './json.ts';

/** Reads which groups of the API are installed; the core group, which has no name, is one. Only an abort throws. */
export async function readApiGroups(
  connection: Connection,
  signal: AbortSignal,
): Promise<Listing<ApiGroup>> {
  const { name: cluster } = connection.cluster;
  try {
    const core = await connection.get('/api', signal);
    const others = await connection.get('/apis', signal);
    const refused = [core, others].find((answer) => answer.status !== 200);
    if (refused !== undefined) return unlisted(failed(`cluster ${cluster}: ${refusal(refused)}`));
    const groups = recordsAt(others, 'groups').flatMap((group) => {
      const name = textAt(group, 'name');
      return name === null ? [] : [{ cluster, name, versions: versionsOf(group) }];
    });
    const versions = listAt(core.body ?? {}, 'versions').filter((each) => typeof each === 'string');
    return listed([{ cluster, name: '', versions }, ...groups]);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof MonitorError)) throw error;
    return unlisted(failed(`${error.message} while it listed the groups of its API`));
  }
}

function recordsAt({ body }: ApiAnswer, key: string): readonly JsonRecord[] {
  return listAt(body ?? {}, key).filter(isRecord);
}

function versionsOf(group: JsonRecord): readonly string[] {
  return listAt(group, 'versions')
    .filter(isRecord)
    .flatMap((version) => textAt(version, 'version') ?? []);
}

function refusal({ status }: ApiAnswer): string {
  if (status !== 403) return `the server refused to list the groups of its API (${status})`;
  return 'may not list the groups of the API; grant get on the nonResourceURLs /api and /apis';
}
