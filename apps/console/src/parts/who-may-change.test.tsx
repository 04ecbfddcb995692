// @vitest-environment happy-dom
import type { SessionView } from '@proofbox/contract/admin';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { sessionKey } from '../api/query-client.ts';
import { AllowedButton } from './allowed-button.tsx';
import { AskWhy } from './ask-why.tsx';

afterEach(cleanup);

function show(role: SessionView['role'], content: React.ReactNode): void {
  const client = new QueryClient();
  client.setQueryData(sessionKey, { name: 'ada', role });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>{content}</QueryClientProvider>
    </MantineProvider>,
  );
}

test('an operator can press what a viewer can only see', () => {
  const press = vi.fn<() => void>();
  show('operator', <AllowedButton onClick={press}>Replay</AllowedButton>);
  fireEvent.click(screen.getByRole('button', { name: 'Replay' }));
  expect(press).toHaveBeenCalledOnce();
});

test('a viewer sees the button, reaches it by keyboard, and cannot press it', () => {
  const press = vi.fn<() => void>();
  show('viewer', <AllowedButton onClick={press}>Replay</AllowedButton>);
  const button = screen.getByRole('button', { name: 'Replay' });
  expect(button.getAttribute('aria-disabled')).toBe('true');
  expect(button.hasAttribute('disabled')).toBe(false);
  fireEvent.click(button);
  expect(press).not.toHaveBeenCalled();
});

test('nothing is changed without a reason, and a refusal stays to be read', async () => {
  const act = vi.fn<(why: string) => Promise<void>>().mockRejectedValueOnce(new Error('somebody was faster'));
  const close = vi.fn<() => void>();
  const ask = (
    <AskWhy isOpen onClose={close} title="Discard this order?" confirm="Discard" act={act}>
      Its diner gets no pizza.
    </AskWhy>
  );
  show('operator', ask);
  const confirm = screen.getByRole('button', { name: 'Discard' });
  fireEvent.change(screen.getByLabelText(/Why/), { target: { value: '   ' } });
  expect(confirm.hasAttribute('disabled')).toBe(true);
  fireEvent.change(screen.getByLabelText(/Why/), { target: { value: ' the diner is gone ' } });
  fireEvent.click(confirm);
  expect((await screen.findByRole('alert')).textContent).toBe('somebody was faster');
  expect(act).toHaveBeenCalledWith('the diner is gone');
  expect(close).not.toHaveBeenCalled();
});
