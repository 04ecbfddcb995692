import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { WhyField } from './why-field.tsx';

type Props = {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  /** What will happen. */
  children: ReactNode;
  confirm: string;
  isDangerous?: boolean;
  /** @throws an Error that says what went wrong; the dialog shows it and stays */
  act: (why: string) => Promise<unknown>;
};

/** Says what will happen, asks why, and does it: the one dialog for every change. */
export function AskWhy(props: Props) {
  return (
    <Modal opened={props.isOpen} onClose={props.onClose} title={props.title} centered>
      {props.isOpen && <Asking {...props} />}
    </Modal>
  );
}

function Asking({ onClose, children, confirm, isDangerous, act }: Props) {
  const [why, setWhy] = useState('');
  const [trouble, setTrouble] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const submit = async () => {
    setIsBusy(true);
    setTrouble(undefined);
    try {
      await act(why.trim());
      onClose();
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Stack>
        <Text size="sm" component="div">
          {children}
        </Text>
        <WhyField value={why} onChange={setWhy} />
        {trouble !== undefined && (
          <Alert color="red" role="alert">
            {trouble}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            loading={isBusy}
            disabled={why.trim() === ''}
            {...(isDangerous && { color: 'red' })}
          >
            {confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
