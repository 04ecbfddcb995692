import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Tests of whole processes before all others: a slow one that begins last keeps everybody waiting. Among themselves they
 * go by how long they took the last time, or by their size where that is not known.
 */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- no array, in spite of its name
    const sorted = await super.sort(files);
    const isOfWhole = ({ moduleId }: TestSpecification): boolean => moduleId.includes('/test/');
    return [...sorted.filter(isOfWhole), ...sorted.filter((each) => !isOfWhole(each))];
  }
}
