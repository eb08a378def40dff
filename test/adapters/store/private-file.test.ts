import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import {
  ensurePrivateDirectory,
  readPrivateFile,
  writePrivateFile,
} from '../../../src/lib/adapters/store/private-file.ts';
import { Sandbox } from '../../support/run-command.ts';

describe('a private file', () => {
  it('is readable and writable by its owner alone, in a directory of the same kind', async () => {
    await using sandbox = await Sandbox.create();
    const path = sandbox.path('a', 'b', 'file');
    await writePrivateFile(path, ['one', 'two']);
    expect(await readPrivateFile(path)).toBe('onetwo');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(sandbox.path('a', 'b'))).mode & 0o777).toBe(0o700);
  });

  it('is not there where nobody wrote it, nor where its directory is missing', async () => {
    await using sandbox = await Sandbox.create();
    expect(await readPrivateFile(sandbox.path('none'))).toBeUndefined();
    expect(await readPrivateFile(sandbox.path('none', 'none'))).toBeUndefined();
  });

  it('is replaced whole, and a failed write leaves the old one and nothing else', async () => {
    await using sandbox = await Sandbox.create();
    const path = sandbox.path('file');
    await writePrivateFile(path, ['old']);
    const failing = function* (): Generator<string> {
      yield 'new';
      throw new Error('no more');
    };
    await expect(writePrivateFile(path, failing())).rejects.toThrow('no more');
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(sandbox.directory)).toEqual(['file']);
  });

  it('is written whole or not at all, also where the system takes only a part at a time', async () => {
    await using sandbox = await Sandbox.create();
    const path = sandbox.path('file');
    await writePrivateFile(path, ['old']);
    const module = new URL('../../../src/lib/adapters/store/private-file.ts', import.meta.url);
    const script = `import { writePrivateFile } from ${JSON.stringify(module.href)};
await writePrivateFile(${JSON.stringify(path)}, ['x'.repeat(3000)]).catch(({ code }) => console.log(code));`;
    // Up to the limit a write is short; only the next one fails.
    const argv = ['-c', 'ulimit -f 1; exec "$@"', 'sh', process.execPath];
    const { stdout } = spawnSync('sh', [...argv, '--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('EFBIG\n');
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(sandbox.directory)).toEqual(['file']);
  });

  it('survives writers at the same time', async () => {
    await using sandbox = await Sandbox.create();
    const path = sandbox.path('file');
    const texts = Array.from({ length: 8 }, (_, index) => String(index).repeat(10_000));
    await Promise.all(texts.map((text) => writePrivateFile(path, [text])));
    expect(texts).toContain(await readPrivateFile(path));
    expect(await readdir(sandbox.directory)).toEqual(['file']);
  });

  it('is never read through a link', async () => {
    await using sandbox = await Sandbox.create();
    await writeFile(sandbox.path('target'), 'x', { mode: 0o600 });
    await symlink(sandbox.path('target'), sandbox.path('link'));
    await expect(readPrivateFile(sandbox.path('link'))).rejects.toThrow('ELOOP');
  });

  it('is refused where others may write it or its directory, or it is none', async () => {
    await using sandbox = await Sandbox.create();
    const path = sandbox.path('dir', 'file');
    await writePrivateFile(path, ['x']);
    await chmod(path, 0o622);
    await expect(readPrivateFile(path)).rejects.toThrow('may be written by other users');
    await chmod(path, 0o600);
    await chmod(sandbox.path('dir'), 0o770);
    await expect(readPrivateFile(path)).rejects.toThrow('may be written by other users');
    await expect(ensurePrivateDirectory(sandbox.path('dir'))).rejects.toThrow('other users');
    await mkdir(sandbox.path('none'), { mode: 0o700 });
    await expect(readPrivateFile(sandbox.path('none'))).rejects.toThrow('no regular file');
    await symlink(sandbox.path('none'), sandbox.path('link'));
    await expect(ensurePrivateDirectory(sandbox.path('link'))).rejects.toThrow(
      'is a symbolic link',
    );
    await expect(readPrivateFile(sandbox.path('link', 'x'))).rejects.toThrow('is a symbolic link');
  });

  it.skipIf(process.getuid?.() !== 0)('is refused where another user owns it', async () => {
    await using sandbox = await Sandbox.create();
    const { chown } = await import('node:fs/promises');
    const path = sandbox.path('dir', 'file');
    await writePrivateFile(path, ['x']);
    await chown(path, 12_345, 12_345);
    await expect(readPrivateFile(path)).rejects.toThrow('belongs to another user');
    await chown(sandbox.path('dir'), 12_345, 12_345);
    await expect(readPrivateFile(path)).rejects.toThrow('belongs to another user');
  });
});
