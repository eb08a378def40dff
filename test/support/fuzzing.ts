/**
 * How long to look for worlds nobody thought of. The check plays the same ones each time, so that it fails for what was changed
 * and not by chance; `npm run fuzz` plays many times as many, new ones each time. What it finds becomes an example in the test.
 */
export function fuzzing(): { readonly rounds: number; readonly seed: number } {
  const rounds = Number(process.env['FUZZ_ROUNDS'] ?? '1');
  const fixed = rounds === 1;
  return {
    rounds,
    seed: Number(process.env['FUZZ_SEED'] ?? (fixed ? 20_261_129 : Date.now() | 0)),
  };
}
