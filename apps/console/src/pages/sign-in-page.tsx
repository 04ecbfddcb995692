import { Alert, Button, Center, Code, Group, Image, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useState, type SubmitEvent } from 'react';
import logo from '../shell/proofbox.svg';
import { ApiError } from '../api/api-error.ts';
import { useSignIn } from '../session/session.ts';

export function SignInPage() {
  useDocumentTitle('Sign in · Proofbox');
  const signIn = useSignIn();
  const [token, setToken] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    signIn.mutate(token.trim());
  };
  return (
    <Center mih="100vh" p="md" component="main">
      <Stack className="card" w="100%" maw={420} p="xl" gap="lg">
        <Group gap="sm" wrap="nowrap">
          <Image src={logo} w={36} h={36} alt="" />
          <div>
            <Title order={1}>Proofbox</Title>
            <Text size="sm" c="dimmed">
              Where pizza orders are kept safe until a factory has baked them
            </Text>
          </div>
        </Group>
        <form onSubmit={submit}>
          <Stack>
            <PasswordInput
              label="Token"
              description="Says who you are and what you may do."
              required
              autoComplete="current-password"
              data-autofocus
              value={token}
              onChange={(event) => setToken(event.currentTarget.value)}
            />
            {signIn.error && (
              <Alert color="red" role="alert">
                {signInProblem(signIn.error)}
              </Alert>
            )}
            <Button type="submit" loading={signIn.isPending} disabled={token.trim() === ''}>
              Sign in
            </Button>
          </Stack>
        </form>
        <Text size="sm" c="dimmed">
          No token? The person who runs Proofbox makes one with <Code>proofbox token new</Code> and puts the
          line it prints into <Code>ADMIN_TOKENS</Code>.
        </Text>
      </Stack>
    </Center>
  );
}

function signInProblem(error: Error): string {
  if (error instanceof ApiError && error.status === 401)
    return 'This token is not known here. Was it copied whole, and is it for this Proofbox?';
  return error.message;
}
