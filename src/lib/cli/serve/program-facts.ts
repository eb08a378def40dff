import { type ProgramFacts } from '../../server/context.ts';

/** What runs here. The executable carries the commit it was made from behind a plus sign. */
export function programFacts(version: string, startedAt: Date): ProgramFacts {
  const [plain = version, commit] = version.split('+');
  return {
    version: plain,
    commit: commit ?? null,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    started_at: startedAt.toISOString(),
  };
}
