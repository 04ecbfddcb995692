import { DataList } from '@mantine/core';
import type { ReactNode } from 'react';

/** One line of a list of facts. */
export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <DataList.Item>
      <DataList.ItemLabel>{label}</DataList.ItemLabel>
      <DataList.ItemValue className="foreign">{children}</DataList.ItemValue>
    </DataList.Item>
  );
}
