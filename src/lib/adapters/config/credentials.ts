import { readFile, stat } from 'node:fs/promises';
import { type ConfigFile } from '../../core/model/settings.ts';
import { type ConfigPath, formatPath, type Origin } from './config.ts';
import { type Credentials, type DecodeContext, systemForms } from './decode.ts';
import { fileReason } from './find.ts';
import { type Problem } from './problem.ts';
import { resolvePath } from './resolve-path.ts';
import { type FileForm } from './schema.ts';
import { Secret } from './secret.ts';
import { fileWithMode, isShared } from './settings.ts';

export interface ReadCredentials {
  /** In the order of `systemForms`. */
  readonly credentials: readonly Credentials[];
  readonly problems: readonly Problem[];
  /** What is read but should not be readable by others, one line each. */
  readonly exposed: readonly string[];
  /** The files they were read from. */
  readonly files: readonly ConfigFile[];
}

/** Collects the credentials of every system, from the configuration or the files it names. */
export async function readCredentials(
  form: FileForm,
  context: DecodeContext,
  environment: NodeJS.ProcessEnv,
  placeOf: (path: ConfigPath) => Origin,
): Promise<ReadCredentials> {
  const problems: Problem[] = [];
  const exposed: string[] = [];
  const files: ConfigFile[] = [];
  const credentials: Credentials[] = [];
  for (const { form: system, path } of systemForms(form)) {
    const read = async (
      value: string | null,
      file: string | null,
      key: string,
    ): Promise<Secret | null> => {
      if (value !== null) return new Secret(value);
      const name = resolvePath(file, [...path, key], context);
      if (name === null) return null;
      const secret = await readSecretFile(name);
      if (secret instanceof Secret) {
        const { mode } = await stat(name);
        files.push(fileWithMode(name, mode, environment));
        if (isShared(name, environment) && (mode & 0o044) !== 0) {
          const named = formatPath([...path, key]);
          exposed.push(
            `${name}: other users can read the file of ${named}; run: chmod 600 ${name}`,
          );
        }
        return secret;
      }
      problems.push({ path: [...path, key], origin: placeOf([...path, key]), ...secret });
      return null;
    };
    credentials.push({
      apiKey: await read(system.api_key, system.api_key_file, 'api_key_file'),
      password: await read(system.password, system.password_file, 'password_file'),
    });
  }
  return { credentials, problems, exposed, files };
}

async function readSecretFile(path: string): Promise<Secret | Pick<Problem, 'message' | 'remedy'>> {
  let text;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return {
      message: `names a file that ${fileReason(error)}: ${path}`,
      remedy: 'check the path and the rights on it',
    };
  }
  // Editors and `kubectl create secret` leave a newline at the end.
  const value = text.replace(/\r?\n$/, '');
  if (value.trim() === '' || value.includes('\n')) {
    return {
      message: `names a file that does not hold one line: ${path}`,
      remedy: 'write the secret, and nothing else, on the first line',
    };
  }
  return new Secret(value);
}
