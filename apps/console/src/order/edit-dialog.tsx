import type { OrderIn } from '@proofbox/contract';
import type { OrderDetail } from '@proofbox/contract/admin';
import { ActionIcon, Alert, Anchor, Button, Group, List, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState, type SubmitEvent } from 'react';
import { ApiError } from '../api/api-error.ts';
import { WhyField } from '../parts/why-field.tsx';
import { changesBetween, type Change } from './order-changes.ts';
import {
  draftOf,
  orderOfDraft,
  withItem,
  withItemChanged,
  withoutItem,
  type DraftErrors,
} from './order-draft.ts';

type Props = {
  isOpen: boolean;
  order: OrderDetail;
  onClose: () => void;
  /** @throws an Error that says why not */
  act: (why: string, order: OrderIn) => Promise<unknown>;
};

/** Changes what a factory is sent, and replays. Id and diner stay as they are. */
export function EditDialog(props: Props) {
  return (
    <Modal opened={props.isOpen} onClose={props.onClose} title="Edit and replay" size="lg" centered>
      {props.isOpen && <Editing {...props} />}
    </Modal>
  );
}

function Editing({ order: { order }, onClose, act }: Props) {
  const [draft, setDraft] = useState(() => draftOf(order));
  const [why, setWhy] = useState('');
  const [failure, setFailure] = useState<Error>();
  const [isBusy, setIsBusy] = useState(false);
  const result = orderOfDraft(draft);
  const errors: DraftErrors = 'errors' in result ? result.errors : errorsOf(failure);
  const changes = 'order' in result ? changesBetween(order, result.order) : [];
  const errorAt = (path: string) => (errors[path] === undefined ? {} : { error: errors[path] });
  const submit = async () => {
    if (!('order' in result)) return;
    setIsBusy(true);
    try {
      await act(why.trim(), result.order);
      onClose();
    } catch (error) {
      setFailure(error instanceof Error ? error : new Error(String(error)));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <form
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Stack>
        <Group grow align="flex-start">
          <TextInput
            label="Franchise"
            value={draft.franchiseId}
            {...errorAt('franchiseId')}
            onChange={(event) => setDraft({ ...draft, franchiseId: event.currentTarget.value })}
          />
          <TextInput
            label="Store"
            value={draft.storeId}
            {...errorAt('storeId')}
            onChange={(event) => setDraft({ ...draft, storeId: event.currentTarget.value })}
          />
        </Group>
        <Stack gap="xs" component="fieldset" p={0} m={0} style={{ border: 0 }}>
          <Text component="legend" size="sm" fw={550} mb={4}>
            Items
          </Text>
          {draft.items.map((item, index) => (
            <div key={item.key} className="item-row">
              <TextInput
                label="Menu id"
                aria-label={`Menu id of item ${index + 1}`}
                value={item.menuId}
                {...errorAt(`items.${index}.menuId`)}
                onChange={(event) =>
                  setDraft(withItemChanged(draft, item.key, { menuId: event.currentTarget.value }))
                }
              />
              <TextInput
                label="Description"
                aria-label={`Description of item ${index + 1}`}
                className="item-description"
                value={item.description}
                {...errorAt(`items.${index}.description`)}
                onChange={(event) =>
                  setDraft(withItemChanged(draft, item.key, { description: event.currentTarget.value }))
                }
              />
              <TextInput
                label="Price"
                aria-label={`Price of item ${index + 1}`}
                inputMode="decimal"
                value={item.price}
                {...errorAt(`items.${index}.price`)}
                onChange={(event) =>
                  setDraft(withItemChanged(draft, item.key, { price: event.currentTarget.value }))
                }
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                size={36}
                className="item-remove"
                aria-label={`Remove item ${index + 1}`}
                onClick={() => setDraft(withoutItem(draft, item.key))}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </div>
          ))}
          {errors.items !== undefined && (
            <Text size="sm" c="red" role="alert">
              {errors.items}
            </Text>
          )}
          <Anchor
            component="button"
            type="button"
            size="sm"
            w="fit-content"
            onClick={() => setDraft(withItem(draft))}
          >
            Add an item
          </Anchor>
        </Stack>
        <Alert color={'errors' in result ? 'yellow' : 'blue'} p="sm" title={titleOf(result, changes)}>
          <List size="sm">
            {changes.map(({ what, before, after }) => (
              <List.Item key={what} className="foreign">
                {what}: <s>{before}</s> becomes <strong>{after}</strong>
              </List.Item>
            ))}
          </List>
          <Text size="sm">The order keeps its id and its diner, and goes back into the queue.</Text>
        </Alert>
        <WhyField value={why} onChange={setWhy} placeholder="For instance: the item has left the menu" />
        {failure && (
          <Alert color="red" role="alert">
            {failure.message}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy} disabled={why.trim() === '' || changes.length === 0}>
            Save and replay
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function titleOf(result: ReturnType<typeof orderOfDraft>, changes: readonly Change[]): string {
  if ('errors' in result) return 'Not a valid order yet';
  return changes.length === 0 ? 'Nothing is changed yet' : 'What changes';
}

/** The server's word on the fields of `{why, order}`. */
function errorsOf(failure: Error | undefined): DraftErrors {
  if (!(failure instanceof ApiError)) return {};
  return Object.fromEntries(
    failure.fields.map(({ path, message }) => [path.replace(/^order\./, ''), message]),
  );
}
