import { describe, expect, it } from 'vitest';
import { type Walk, walkThrough } from '../../../src/lib/cli/cleanup/walk-through.ts';
import { InterruptedError } from '../../../src/lib/core/model/errors.ts';
import { plainPalette } from '../../../src/lib/core/render/text/palette.ts';
import { anItem, aPlan, aStepView } from '../../support/cleanup-view-builders.ts';
import { LEAVES_SCREEN, Screen, SHOWS_CURSOR } from '../../support/fake-screen.ts';

const { items, steps } = aPlan();
const [aside = anItem(), doomed = anItem(), repair = anItem()] = items;
const stepsOf = (item: typeof aside) => steps.filter((step) => step.item === item.id);

/** What is shown once a key counts. */
const READY = 'y or Enter';

interface Started {
  readonly screen: Screen;
  readonly walk: Walk;
  readonly stop: AbortController;
  readonly interrupts: InterruptedError[];
}

function start(): Started {
  const screen = new Screen();
  const stop = new AbortController();
  const interrupts: InterruptedError[] = [];
  const { stdin, stdout } = screen;
  const walk = walkThrough({
    ...{ signal: stop.signal, stdin, stdout, palette: plainPalette, total: 3, plural: false },
    onInterrupt: (reason) => interrupts.push(reason),
  });
  return { screen, walk, stop, interrupts };
}

function expectTerminalBack({ written }: Screen): void {
  expect(written).toContain(LEAVES_SCREEN);
  expect(written.lastIndexOf(SHOWS_CURSOR)).toBeGreaterThan(0);
}

describe('a walk through a plan', () => {
  it('asks about one item after the other, shows what becomes of its steps, and gives the terminal back', async () => {
    const { screen, walk, interrupts } = start();
    const first = walk.confirm(aside, stepsOf(aside));
    await screen.see(READY);
    screen.press('y');
    expect(await first).toBe('yes');
    for (const step of stepsOf(aside)) {
      walk.step(aStepView(step, { state: 'done', detail: `seen after ${step.id}` }));
    }
    await screen.see('seen after s02');
    const second = walk.confirm(repair, stepsOf(repair));
    await screen.see(READY);
    screen.press('s');
    expect(await second).toBe('no');
    await walk.close();
    expectTerminalBack(screen);
    expect(interrupts).toEqual([]);
  });

  it('destroys nothing before its whole name is typed', async () => {
    const { screen, walk } = start();
    const answer = walk.confirm(doomed, stepsOf(doomed));
    await screen.see(READY);
    await screen.after('y', 'type its name');
    await screen.after('y', '> y_');
    await screen.after('\r', 'That is not its name');
    screen.press(doomed.subject.name);
    await screen.see('> tank');
    screen.press('\r');
    expect(await answer).toBe('yes');
    await walk.close();
  });

  it('does not take an Enter that was pasted behind the name', async () => {
    const { screen, walk } = start();
    const answer = walk.confirm(doomed, stepsOf(doomed));
    await screen.see(READY);
    await screen.after('y', 'type its name');
    await screen.after(`${doomed.subject.name}\n`, '> tank');
    const decided = await Promise.race([answer, new Promise((r) => setTimeout(r, 100, 'waits'))]);
    expect(decided).toBe('waits');
    screen.press('\r');
    expect(await answer).toBe('yes');
    await walk.close();
  });

  it('takes no answer that was typed before its item was shown', async () => {
    const { screen, walk } = start();
    screen.press('yyyy\r\r');
    screen.press('y');
    const answer = walk.confirm(aside, stepsOf(aside));
    screen.press('y');
    screen.press('\r');
    await screen.see(READY);
    screen.press('s');
    expect(await answer).toBe('no');
    await walk.close();
  });

  it('takes no answer from a key that is held down', async () => {
    const { screen, walk } = start();
    const answer = walk.confirm(aside, stepsOf(aside));
    const held = setInterval(() => {
      screen.press('y');
    }, 50);
    await new Promise((resolve) => setTimeout(resolve, 700));
    clearInterval(held);
    await screen.see(READY);
    screen.press('s');
    expect(await answer).toBe('no');
    await walk.close();
  });

  it('asks nothing more after q', async () => {
    const { screen, walk, interrupts } = start();
    const first = walk.confirm(aside, stepsOf(aside));
    await screen.see(READY);
    screen.press('q');
    expect(await first).toBe('stop');
    expect(await walk.confirm(doomed, stepsOf(doomed))).toBe('stop');
    await walk.close();
    expect(interrupts).toEqual([]);
  });

  it('is interrupted by ctrl-c and by the end of its input, with a question or without', async () => {
    for (const pressed of ['\u0003', '\u0004']) {
      const { screen, walk, interrupts } = start();
      const answer = walk.confirm(aside, stepsOf(aside));
      await screen.see('Item 1 of 3');
      screen.press(pressed);
      await expect(answer).rejects.toBeInstanceOf(InterruptedError);
      expect(interrupts).toHaveLength(1);
      await walk.close();
      expectTerminalBack(screen);
    }
    const { screen, walk, interrupts } = start();
    await screen.see('Looking at both sides');
    await screen.after('\u0003', 'Stopping after this step');
    expect(interrupts).toHaveLength(1);
    await expect(walk.confirm(aside, stepsOf(aside))).rejects.toBe(interrupts[0]);
    await walk.close();
  });

  it('leaves with its signal, and whoever was asked hears why', async () => {
    const { screen, walk, stop } = start();
    const answer = walk.confirm(aside, stepsOf(aside));
    await screen.see('Item 1 of 3');
    const reason = new InterruptedError('interrupted by SIGTERM', { remediation: [] });
    stop.abort(reason);
    await expect(answer).rejects.toBe(reason);
    await walk.close();
    expectTerminalBack(screen);
  });

  it('survives a change of its size', async () => {
    const { screen, walk } = start();
    const answer = walk.confirm(aside, stepsOf(aside));
    await screen.see(READY);
    screen.resize(30, 10);
    await screen.see('y, s or q');
    screen.press('y');
    expect(await answer).toBe('yes');
    await walk.close();
  });
});
