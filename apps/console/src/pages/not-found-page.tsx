import { Anchor, Text } from '@mantine/core';
import { Link } from 'wouter';
import { Page } from '../parts/page.tsx';

export function NotFoundPage() {
  return (
    <Page title="There is no such page">
      <Text>
        The address may be mistyped, or the page has moved.{' '}
        <Anchor component={Link} href="/" underline="always">
          See how everything is now
        </Anchor>
      </Text>
    </Page>
  );
}
