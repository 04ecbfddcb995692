import type { Role } from '@proofbox/contract/admin';
import { Button, Tooltip, type ButtonProps } from '@mantine/core';
import { useMay } from '../session/session.ts';

type Props = ButtonProps & { needs?: Role; onClick: () => void; 'aria-label'?: string };

/**
 * A button for those who may. For others it is there, cannot be pressed, and says why: so a viewer knows what an
 * operator could do. It keeps the focus, else a keyboard would never reach the reason.
 */
export function AllowedButton({ needs = 'operator', onClick, ...props }: Props) {
  const may = useMay(needs);
  if (may) return <Button {...props} onClick={onClick} />;
  return (
    <Tooltip label={`This needs the role ${needs}.`} events={{ hover: true, focus: true, touch: true }}>
      <Button {...props} data-disabled aria-disabled onClick={(event) => event.preventDefault()} />
    </Tooltip>
  );
}
