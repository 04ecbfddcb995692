import { Center, Container, Loader } from '@mantine/core';
import { Live } from '../live/live.tsx';
import { SignInPage } from '../pages/sign-in-page.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { Routes } from '../routes.tsx';
import { Shell } from '../shell/shell.tsx';
import { useSession } from './session.ts';

/** Shows the page to who is signed in, and else asks to sign in. The address stays, so one is back where one was. */
export function SessionGate() {
  const { data: session, error, refetch } = useSession();
  if (session) {
    return (
      <Live>
        <Shell session={session}>
          <Routes />
        </Shell>
      </Live>
    );
  }
  if (session === null) return <SignInPage />;
  if (error) {
    return (
      <Container size="sm" py="xl" component="main">
        <Trouble what="The console could not start" error={error} onRetry={refetch} />
      </Container>
    );
  }
  return (
    <Center h="100vh" component="main">
      <Loader aria-label="Loading" />
    </Center>
  );
}
