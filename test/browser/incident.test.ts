import { afterEach, expect, test } from 'vitest';
import { card, choose, goTo, heading, orderRows, sayWhy, signIn } from '../support/console-page.ts';
import { longMs, setConsoleStage } from '../support/console-stage.ts';
import { eventually } from '../support/eventually.ts';

const stage = setConsoleStage({ timings: { waitMs: 0, factoryTimeoutMs: 1_000 } });

afterEach(async () => {
  await stage.shop.primary.mend();
  await stage.shop.fallback.mend();
});

test(
  'an admin signs in, and sees an outage begin and end without touching the page',
  async () => {
    const { shop } = stage;
    const page = await stage.open({ expected: /status of 401/ });
    await page.goto('/');
    await page.getByLabel('Token').fill('pbx_not-a-token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').filter({ hasText: 'This token is not known here' }).waitFor();

    await signIn(page, shop.stack.adminTokens.operator!);
    await heading(page, 'Now').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await shop.diner.order();
    await card(page, 'Primary factory').getByText('Taking orders', { exact: true }).waitFor();

    await shop.primary.misbehave({ kind: 'fail' });
    await shop.fallback.misbehave({ kind: 'down' });
    for (let placed = 0; placed < 6; placed += 1) await shop.diner.order();
    // Between two tries it is failing; the next order to come is tried.
    await card(page, 'Primary factory')
      .getByText(/^(Failing|Being tried)$/)
      .waitFor();
    await card(page, 'Fallback factory')
      .getByText(/^(Failing|Being tried)$/)
      .waitFor();
    await card(page, 'Primary factory')
      .getByText(/chaos monkey/)
      .waitFor();
    await page
      .getByText(/No factory has taken orders since/)
      .first()
      .waitFor();

    await shop.primary.mend();
    await shop.fallback.mend();
    await page.getByText('no order waits').waitFor({ timeout: 120_000 });
    // A factory that is tried needs orders to show that it is back.
    const isBack = async () => {
      await shop.diner.order();
      return card(page, 'Primary factory').getByText('Taking orders', { exact: true }).isVisible();
    };
    await eventually(isBack, (is) => is, 120_000);
    await page
      .getByText(/No factory has taken orders since/)
      .first()
      .waitFor({ state: 'detached' });
  },
  longMs,
);

/** @guarantee G6 */
test(
  'a dead letter is found by diner and by reason, explained, replayed, and seen to become fulfilled',
  async () => {
    const wanted = await stage.dead.add({
      reason: 'exhausted',
      diner: { id: 77, name: 'Anna Crust', email: 'anna@jwt.com' },
      detail: 'the oven spat it out',
    });
    await stage.dead.add({ reason: 'expired', diner: { id: 77, name: 'Anna Crust' } });
    await stage.dead.add({ reason: 'exhausted', diner: { id: 78, name: 'Bert Dough' } });
    const page = await stage.openAs('operator');
    await page.goto('/');
    await goTo(page, 'Dead letters');

    await page.getByRole('button', { name: 'More filters' }).click();
    await page.getByLabel('Diner', { exact: true }).fill('77');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await eventually(
      () => orderRows(page).count(),
      (count) => count === 2,
    );
    await choose(page, 'Reason', 'Failed too often');
    await eventually(
      () => orderRows(page).count(),
      (count) => count === 1,
    );
    expect(page.url()).toContain('diner=77');
    expect(page.url()).toContain('reason=exhausted');

    await page.getByRole('link', { name: wanted }).click();
    await heading(page, 'Order').waitFor();
    await page.getByText('the oven spat it out').waitFor();
    expect(await page.content()).not.toContain('anna@jwt.com');
    await page.getByRole('button', { name: 'Replay …', exact: true }).click();
    await sayWhy(page, 'the oven is mended', 'Replay');
    await page.getByText('Replayed by operator').waitFor();
    await page.getByText(/^Baked at the/).waitFor({ timeout: 120_000 });
    await page.getByText('Fulfilled', { exact: true }).first().waitFor();
    expect(await stage.dead.read(wanted)).toMatchObject({ state: 'fulfilled', replays: 1 });
  },
  longMs,
);

/** @guarantee G6 */
test(
  'five hundred dead letters are replayed at 100 a second, and no more of them once that is stopped',
  async () => {
    // Without workers: what was replayed stays where one can count it.
    await stage.shop.admin.as('operator').post('/api/queue', { isPaused: true, why: 'to count' });
    const ids: string[] = [];
    while (ids.length < 500)
      ids.push(
        ...(await Promise.all(Array.from({ length: 50 }, () => stage.dead.add({ detail: 'long outage' })))),
      );
    const page = await stage.openAs('operator');
    await page.goto('/dead-letters?text=long+outage');
    await page.getByRole('checkbox', { name: 'Choose all orders on this page' }).check();
    await page.getByRole('button', { name: 'Choose all that match the filter' }).click();
    await page
      .getByRole('region', { name: 'What is chosen' })
      .getByRole('button', { name: 'Replay …' })
      .click();

    const dialog = page.getByRole('dialog');
    await dialog.getByText('Replay 500 orders?').waitFor();
    await dialog.getByLabel('Orders a second').fill('100');
    await dialog.getByText('Takes about 5 s').waitFor();
    await sayWhy(page, 'the outage is over', 'Replay 500 orders');
    await dialog.getByText(/^[1-9]\d* of 500 replayed/).waitFor();
    await dialog.getByRole('button', { name: 'Stop for good' }).click();
    await page
      .getByRole('dialog', { name: 'Stop this task for good?' })
      .getByRole('button', { name: 'Stop for good' })
      .click();
    await dialog.getByText('Stopped', { exact: true }).waitFor();

    const { tasks } = (await stage.shop.admin.as('viewer').get('/api/bulk')).body as {
      tasks: { id: string; state: string; moved: number }[];
    };
    const [task] = tasks;
    expect(task).toMatchObject({ state: 'aborted', rate: 100 });
    expect(task!.moved).toBeGreaterThan(0);
    expect(task!.moved).toBeLessThan(500);
    await dialog.getByText(`${task!.moved} of 500 replayed`).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await goTo(page, 'Audit log');
    await page.getByText('Stopped a bulk task').first().waitFor();
    await page.getByText('the outage is over').first().waitFor();
    // Last, when a task that went on would have moved more of them.
    const states = (await Promise.all(ids.map((id) => stage.dead.read(id)))).map(({ state }) => state);
    expect(states.filter((state) => state === 'queued')).toHaveLength(task!.moved);
    expect(states.filter((state) => state === 'dead')).toHaveLength(500 - task!.moved);
    await stage.shop.admin.as('operator').post('/api/queue', { isPaused: false, why: 'counted' });
  },
  longMs,
);

test(
  'an order is discarded with a reason, its diner revealed with another, and the audit log has both',
  async () => {
    const id = await stage.dead.add({
      reason: 'rejected',
      diner: { id: 79, name: 'Carla Sauce', email: 'carla@jwt.com' },
      detail: 'no such pizza',
    });
    const page = await stage.openAs('operator');
    await page.goto(`/orders/${id}`);
    await page.getByRole('button', { name: 'Reveal …' }).click();
    await sayWhy(page, 'to call her', 'Reveal');
    await page.getByText('carla@jwt.com').waitFor();
    await page.getByRole('button', { name: 'Discard …' }).click();
    await sayWhy(page, 'she was refunded', 'Discard');
    await page.getByText('Discarded by operator').waitFor();
    expect((await stage.dead.read(id)).state).toBe('discarded');

    await goTo(page, 'Audit log');
    await page.getByLabel('About what').fill(id);
    await page.keyboard.press('Enter');
    const entries = page.getByRole('table', { name: 'Entries' }).locator('tbody').getByRole('row');
    await eventually(
      () => entries.count(),
      (count) => count === 2,
    );
    const told = await entries.allInnerTexts();
    expect(told[0]).toMatch(/operator[\s\S]*Discarded[\s\S]*she was refunded/);
    expect(told[1]).toMatch(/operator[\s\S]*Revealed the diner[\s\S]*to call her/);
    expect(await page.content()).not.toContain('carla@jwt.com');
  },
  longMs,
);

/** @guarantee G6 */
test(
  'a viewer finds and reads everything, and can change nothing: neither by the page nor past it',
  async () => {
    const id = await stage.dead.add({
      reason: 'rejected',
      diner: { id: 80, name: 'Dora', email: 'dora@jwt.com' },
    });
    const page = await stage.openAs('viewer');
    await page.goto(`/orders/${id}`);
    for (const name of ['Replay …', 'Edit and replay …', 'Discard …', 'Reveal …']) {
      const button = page.getByRole('button', { name, exact: true });
      await button.waitFor();
      expect(await button.getAttribute('aria-disabled')).toBe('true');
      await button.click({ force: true });
      expect(await page.getByRole('dialog').count()).toBe(0);
    }
    await page.getByRole('button', { name: 'Discard …', exact: true }).focus();
    await page.keyboard.press('Shift+Tab');
    await page.getByText('This needs the role operator.').first().waitFor();

    await page.goto('/dead-letters?diner=80');
    await page.getByRole('checkbox', { name: `Choose order ${id}` }).check();
    const chosen = page.getByRole('region', { name: 'What is chosen' });
    for (const name of ['Replay …', 'Discard …']) {
      await chosen.getByRole('button', { name }).click({ force: true });
      expect(await page.getByRole('dialog').count()).toBe(0);
    }
    await goTo(page, 'Factories');
    for (const button of await page.getByRole('main').getByRole('button').all())
      expect([await button.innerText(), await button.getAttribute('aria-disabled')]).toEqual([
        expect.anything(),
        'true',
      ]);

    // With the cookie of this page, but past its buttons.
    const past = (path: string, data: object) =>
      page.context().request.post(path, { data, headers: { 'sec-fetch-site': 'same-origin' } });
    const why = 'because';
    const target = { ids: [id] };
    for (const [path, data] of [
      [`/api/orders/${id}/replay`, { why }],
      [`/api/orders/${id}/discard`, { why }],
      [`/api/orders/${id}/reveal`, { why }],
      ['/api/bulk', { action: 'replay', target, rate: 1, why }],
      ['/api/factories/primary/switch', { to: 'open', why }],
      ['/api/queue', { isPaused: true, why }],
    ] as const) {
      const reply = await past(path, data);
      expect([path, reply.status()]).toEqual([path, 403]);
      expect(((await reply.json()) as { message: string }).message).toContain('you are viewer');
    }
    expect(await stage.dead.read(id)).toMatchObject({ state: 'dead', replays: 0 });
    expect((await stage.shop.admin.as('viewer').get(`/api/audit?subject=${id}`)).body).toMatchObject({
      entries: [],
    });
  },
  longMs,
);
