/*
 * Loaded into a process before its program, it lets the clock that spans are measured by run ahead by TEST_HURRY_MS with each SIGUSR2:
 * what would have to be waited for is over. It says so on stderr.
 */

const step = Number(process.env['TEST_HURRY_MS'] ?? '0');
const measured = performance.now.bind(performance);
let ahead = 0;

if (step > 0) {
  performance.now = () => measured() + ahead;
  process.on('SIGUSR2', () => {
    ahead += step;
    process.stderr.write(`${String(ahead)} ms ahead\n`);
  });
}
